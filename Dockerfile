# Two stages: what builds the environment stays behind.
ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim AS build
# run; postgres for a PostgreSQL database; full also for retrieval by words.
ARG REQUIREMENTS=run
WORKDIR /build
RUN python -m venv /opt/rapport
COPY requirements/${REQUIREMENTS}.txt requirements/
RUN /opt/rapport/bin/pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes -r requirements/${REQUIREMENTS}.txt
COPY pyproject.toml README.md LICENSE ./
COPY persona persona
COPY cogs cogs
COPY bot bot
RUN /opt/rapport/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-build-isolation . \
    && /opt/rapport/bin/pip uninstall --yes setuptools pip

FROM python:${PYTHON_VERSION}-slim
# The model client trusts the certificates of the operating system.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin rapport \
    && install --directory --owner rapport --group rapport --mode 0700 /data
COPY --from=build /opt/rapport /opt/rapport
USER rapport
# Databases, the key file and, unless it is given, the master key: keep this volume.
VOLUME /data
WORKDIR /data
ENV PATH=/opt/rapport/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RAPPORT_STORE__DATABASE_URL=sqlite:/data/rapport.db \
    RAPPORT_STORE__KEY_URL=sqlite:/data/keys.db \
    RAPPORT_STORE__MASTER_KEY_FILE=/data/master.key
ENTRYPOINT ["rapport"]
CMD ["run"]
