from __future__ import annotations

import csv
import io
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from persona.benchmark.between import Between
from persona.benchmark.report import (
    Comparison,
    comparison_table,
    controls_text,
    summary_table,
    write_comparison,
    write_report,
)
from persona.benchmark.report.paper import paper_name
from persona.benchmark.report.tables import BLOCKS
from persona.benchmark.schema import Manifest, Track
from persona.benchmark.scores import (
    METRICS,
    Control,
    Difference,
    Gap,
    Interval,
    JudgeReliability,
    Leak,
    Life,
    Observation,
    Score,
    Scores,
)
from persona.errors import RapportError
from tests.persona.benchmark.lived import observed

SETTINGS = ("none", "golden", "retrieval", "persona-k3", "control-silent")
VOID = {"meta", "link", "br", "hr", "img", "input", "path", "use", "rect", "circle"}


class Page(HTMLParser):
    """What a page holds: tables as rows of texts, links, texts, tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []
        self._caption = False
        self._open: list[str] = []
        self.feed(html)
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "caption":
            self.captions.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if {"td", "th"} & set(self._open):
            cell = f"{self.tables[-1][-1][-1]} {data}"
            self.tables[-1][-1][-1] = " ".join(cell.split())
        if "caption" in self._open:
            self.captions[-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def rows(self, caption: str) -> list[list[str]]:
        """Return the rows of the one table whose caption begins so."""
        found = [
            table
            for table, its in zip(self.tables, self.captions, strict=True)
            if its.startswith(caption)
        ]
        assert len(found) == 1, self.captions
        return found[0]

    def row(self, caption: str, head: str) -> list[str]:
        (found,) = [row for row in self.rows(caption) if row[0] == head]
        return found


def interval(mean: float, low: float | None = None, high: float | None = None) -> Interval:
    return Interval(mean=mean, low=low, high=high, clusters=2, n=8)


def score(
    setting: str, metric: str, mean: float, over: str = "overall", model: str = "rules"
) -> Score:
    return Score(
        setting=setting,
        model=model,
        metric=metric,
        over=over,
        interval=interval(mean, mean - 0.05, mean + 0.05),
    )


# Helpfulness, personalization and utterances, none of them a number of the paper.
MEANS = {
    "none": (7.13, 6.01, 2.51),
    "golden": (9.21, 8.31, 1.21),
    "retrieval": (8.91, 7.01, 2.01),
    "persona-k3": (9.01, 8.21, 1.41),
    "control-silent": (7.09, 6.09, 2.59),
}


def small_scores(track: Track = "scripted", model: str = "rules") -> Scores:
    found = []
    for name, means in MEANS.items():
        for metric, mean in zip(
            ("helpfulness", "personalization", "utterances"), means, strict=True
        ):
            found.append(score(name, metric, mean, model=model))
        for number in (1, 2, 3):
            found.append(score(name, "utterances", 2.5 - number / 4, f"session {number}", model))
        for group in ("1-10", "11-20", "21-32"):
            found.append(score(name, "win_golden", 0.4, group, model))
        for language, mean in (("en", 8.5), ("zh", 8.1)):
            found.append(score(name, "helpfulness", mean, language, model))
        found.append(score(name, "prompt_tokens", 1234.4, model=model))
    found += [score("persona-k3", "similarity", 6.66, model=model)]
    found += [
        score("persona-k3", "f1", 0.1 * number, f"session {number}", model) for number in (1, 2)
    ]
    found += [
        score("persona-k3", "stale", 0.9 / number, f"since {number}", model) for number in (1, 2)
    ]
    return Scores(
        track=track,
        dataset=Manifest(
            name="small",
            track=track,
            source="by hand",
            licence="CC0-1.0",
            languages={"en": 1, "zh": 1},
        ),
        dataset_hash="abc123",
        settings=SETTINGS,
        models=(model,),
        repetitions=1,
        start="empty",
        user_turns=4,
        judge="rules" if track == "scripted" else "gpt-4.1",
        judge_prompts={"response": "Judge <this> & say so."},
        lives=(
            *(
                Life(setting=name, model=model, lives=2, whole=2, sessions=8)
                for name in SETTINGS[1:]
            ),
            Life(
                setting="none", model=model, lives=2, whole=1, sessions=5, failures={"timed out": 1}
            ),
        ),
        scores=tuple(found),
        differences=(
            Difference(
                setting="persona-k3",
                against="none",
                model=model,
                metric="utterances",
                over="overall",
                interval=interval(-1.1, -1.3, -0.9),
            ),
            Difference(
                setting="retrieval",
                against="none",
                model=model,
                metric="utterances",
                over="overall",
                interval=interval(-0.5, -1.1, 0.1),
            ),
        ),
        gaps=(
            Gap(setting="none", model=model, metric="helpfulness", best="en", worst="zh", gap=0.4),
        ),
        controls=(
            Control(name="silent", expected="nothing held", seen="nothing held", holds=True),
            Control(name="order", expected="golden is best", seen="it is not", holds=False),
        ),
        reliability=JudgeReliability(repeat_agreement=interval(0.875, 0.75, 1.0)),
        leaks=(),
        audited=12,
    )


def report(folder: Path, scores: Scores, timing: dict[str, float] | None = None) -> Page:
    return Page(write_report(scores, folder, timing).read_text(encoding="utf-8"))


PAPER_1 = "The paper's Table 1"
PAPER_2 = "The paper's Table 2"


def test_scripted_numbers_never_stand_in_the_papers_tables(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores())
    first, second = page.rows(PAPER_1), page.rows(PAPER_2)
    assert first[1] == ["Conversations RAG retrieval", "paper gpt-4o", "8.07", "7.48", "–", "2.89"]
    assert first[9] == [
        "Learning, k = 3 persona-k3",
        "paper gpt-4o",
        "8.29",
        "7.63",
        "6.07",
        "1.81",
    ]
    runs = [row for row in first if row[0] == "this run"]
    assert runs == [["this run", *["not run"] * 4]] * 6
    assert [row for row in second if row[0] == "this run"] == [["this run", *["not run"] * 6]] * 5
    shown = " ".join(cell for row in (*first, *second) for cell in row)
    for mean in (number for means in MEANS.values() for number in means):
        assert f"{mean:.2f}" not in shown


def test_a_run_with_models_stands_beside_the_paper(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores("model", "openai/gpt-4o-mini-2024-07-18"))
    first = page.rows(PAPER_1)
    model = "this run openai/gpt-4o-mini-2024-07-18"
    assert first[2] == [model, "8.91 [8.86, 8.96]", "7.01 [6.96, 7.06]", "–", "2.01 [1.96, 2.06]"]
    assert first[8] == [model, *["not run"] * 4]  # k = 1
    assert first[10][3] == "6.66 [6.61, 6.71]"  # k = 3
    second = page.rows(PAPER_2)
    place = next(place for place, row in enumerate(second) if row[0] == "gpt-4o-mini")
    assert second[place][-2:] == ["8.26 (+0.20)", "7.56 (+0.18)"]
    assert second[place + 1] == [
        model,
        "9.21 [9.16, 9.26]",
        "8.31 [8.26, 8.36]",
        "7.13 [7.08, 7.18]",
        "6.01 [5.96, 6.06]",
        "9.01 (+1.88) [8.96, 9.06]",
        "8.21 (+2.20) [8.16, 8.26]",
    ]
    assert second[place + 3][0] == "this run"
    assert second[place + 3][1] == "not run"
    assert "Claude-1.5-sonnet" in page.text
    assert not any("Claude-1.5" in cell for row in second for cell in row)


def test_a_model_the_paper_has_not_gets_a_row_of_its_own(tmp_path: Path) -> None:
    last = report(tmp_path, small_scores("model", "qwen3-8b")).rows(PAPER_2)[-1]
    assert last[:3] == ["qwen3-8b", "this run", "9.21 [9.16, 9.26]"]


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("google/gemini-1.5-pro-latest", "gemini-1.5-pro"),
        ("gemini-1.5-flash-002", "gemini-1.5-flash"),
        ("claude-3-5-sonnet-20241022", "claude-3.5-sonnet"),
        ("gpt-4o-mini", "gpt-4o-mini"),
    ],
)
def test_models_are_known_by_the_papers_names(model: str, name: str) -> None:
    assert paper_name(model) == name


def test_the_scripted_track_says_what_it_is_and_names_no_best(tmp_path: Path) -> None:
    sentence = (
        "This page tests the machinery with rules in place of models; it makes no claim about "
        "language models and asserts no order of k."
    )
    scripted = report(tmp_path / "one", small_scores())
    model = report(tmp_path / "two", small_scores("model", "gpt-4o"))
    assert sentence in scripted.text
    assert sentence not in model.text
    assert "(best)" not in scripted.text
    row = model.row("The conversation", "Golden persona golden")
    assert row[1:4] == [
        "9.21 (best) [9.16, 9.26]",
        "8.31 (best) [8.26, 8.36]",
        "1.21 (best) [1.16, 1.26]",
    ]
    # Cheapest is not best, and a control is not compared.
    assert model.text.count("(best)") == 3


def test_what_is_missing_is_a_dash_and_controls_stand_apart(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores())
    rows = page.rows("The learned persona")
    assert [row[0] for row in rows] == [
        "Setting",
        "No persona none",
        "Golden persona golden",
        "Conversations retrieval retrieval",
        "Learning, k = 3 persona-k3",
        "Controls",
        "Learning, a user who tells nothing control-silent",
    ]
    assert rows[1][1:] == ["–"]
    assert rows[4][1:] == ["6.66 [6.61, 6.71]"]


def test_every_metric_has_its_place() -> None:
    placed = [metric for _, metrics in BLOCKS for metric in metrics]
    assert sorted(placed) == sorted(METRICS)


def test_figures_are_written_in_three_formats(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores(), {"none": 0.25, "persona-k3": 1.5})
    names = (
        "figure-3", "figure-4", "figure-5", "learning-curve", "change-curve", "cost", "seconds",
    )  # fmt: skip
    written = {file.name for file in (tmp_path / "figures").iterdir()}
    assert written == {f"{name}.{kind}" for name in names for kind in ("svg", "png", "csv")}
    for name in names:
        root = ElementTree.parse(tmp_path / "figures" / f"{name}.svg").getroot()  # noqa: S314
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert (tmp_path / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
    assert {f"figures/{name}" for name in written} <= links
    assert len([tag for tag, _ in page.tags if tag == "svg"]) == len(names)


def test_the_numbers_of_a_figure_are_beside_it(tmp_path: Path) -> None:
    write_report(small_scores(), tmp_path, {"persona-k3": 1.5, "none": 0.25})
    file = io.StringIO((tmp_path / "figures" / "change-curve.csv").read_text(encoding="utf-8"))
    assert list(csv.DictReader(file)) == [
        {
            "model": "rules", "setting": "persona-k3", "metric": "stale", "over": f"since {number}",
            "mean": mean, "low": low, "high": high, "clusters": "2", "n": "8",
        }
        for number, mean, low, high in ((1, "0.9", "0.85", "0.95"), (2, "0.45", "0.4", "0.5"))
    ]  # fmt: skip
    seconds = (tmp_path / "figures" / "seconds.csv").read_text(encoding="utf-8")
    assert seconds == "setting,seconds\nnone,0.25\npersona-k3,1.5\n"


def test_figures_say_in_words_what_they_show(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores())
    said = [str(its["aria-label"]) for _, its in page.tags if its.get("role") == "img"]
    assert len(said) == 6
    assert any(
        "Learning, k = 3: from 90.0 % at since 1 to 45.0 % at since 2" in each for each in said
    )
    assert page.captions
    assert all(caption.strip() for caption in page.captions)


def test_the_same_scores_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_report(small_scores(), tmp_path / folder, {"none": 0.25})
    files = sorted(
        file.relative_to(tmp_path / "one")
        for file in (tmp_path / "one").rglob("*")
        if file.is_file()
    )
    assert len(files) == 1 + 7 * 3
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("kind", ["report", "compare"])
def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path, kind: str) -> None:
    scores = small_scores()
    if kind == "report":
        write_report(scores, tmp_path)
    else:
        write_comparison(Comparison(scores, scores, ("before", "after")), tmp_path)
    html = (tmp_path / f"{kind}.html").read_text(encoding="utf-8")
    page = Page(html)
    identifiers = [its["id"] for _, its in page.tags if "id" in its]
    assert len(identifiers) == len(set(identifiers))
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "image"}
        assert "src" not in attributes
        target = attributes.get("href") or attributes.get("xlink:href") or ""
        if target.startswith("#"):
            assert target[1:] in identifiers
        elif target.startswith("http"):
            assert tag == "a"
        elif target:
            assert (tmp_path / target).is_file()
    assert not re.search(r"@import|url\((?!#)", html)


NASTY = '<script>alert("x")</script> & $a_1$ '


def test_text_from_data_is_escaped(tmp_path: Path) -> None:
    scores = small_scores("model", f"{NASTY}model")
    scores = scores.model_copy(
        update={
            "dataset": scores.dataset.model_copy(update={"name": f"{NASTY}name", "source": NASTY}),
            "models": (f"{NASTY}model", "other"),
            "judge": f"{NASTY}judge",
            "judge_prompts": {f"{NASTY}prompt": f"{NASTY}text"},
            "leaks": (Leak(person_id="p", scene_id="s", field="title", slot="x", found=NASTY),),
            "controls": (Control(name=NASTY, expected=NASTY, seen=NASTY, holds=True),),
        }
    )
    page = report(tmp_path, scores)
    write_comparison(Comparison(scores, scores, (f"{NASTY}one", f"{NASTY}two")), tmp_path)
    for shown in (page, Page((tmp_path / "compare.html").read_text(encoding="utf-8"))):
        assert not [tag for tag, _ in shown.tags if tag == "script"]
        assert NASTY.strip() in shown.text
    svg = ElementTree.parse(tmp_path / "figures" / "figure-5.svg")  # noqa: S314
    assert not [each for each in svg.iter() if each.tag.endswith("script")]


def test_differences_are_marked_where_the_interval_leaves_out_zero(tmp_path: Path) -> None:
    rows = report(tmp_path, small_scores()).rows("Each setting minus no persona")
    assert rows[1:] == [
        ["Conversations retrieval retrieval", "−0.50 [−1.10, +0.10]"],
        ["Learning, k = 3 persona-k3", "−1.10 * [−1.30, −0.90]"],
    ]


def test_groups_and_languages(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores())
    groups = page.rows("Win rate against golden")
    assert groups[0] == ["Setting", "1–10", "11–20", "21–32"]
    assert groups[1] == ["No persona none", *["40.0 % [35.0, 45.0]"] * 3]
    languages = page.rows("Helpfulness\N{NO-BREAK SPACE}↑ by language")
    assert languages[1] == [
        "No persona none", "0.40 best en, worst zh", "8.50 [8.45, 8.55]", "8.10 [8.05, 8.15]",
    ]  # fmt: skip
    assert languages[2][1] == "–"


def test_controls_judge_leaks_and_lives(tmp_path: Path) -> None:
    page = report(tmp_path, small_scores())
    assert page.row("Checks", "silent") == ["silent", "nothing held", "nothing held", "✓ holds"]
    assert page.row("Checks", "order")[-1] == "✗ fails"
    judged = [row[1:] for row in page.rows("How far the judge")]
    assert judged[1:] == [["87.5 %", "[75.0, 100.0]", "8"], *[["not tried", "–", "–"]] * 2]
    assert "Judge <this> & say so." in page.text
    assert "12 texts that must not tell a persona were searched for its words: none found." in (
        page.text
    )
    lives = page.rows("Lives by setting")
    assert lives[-1] == ["No persona none", "rules", "2", "1", "1", "5", "timed out (1)"]
    assert lives[1][2:] == ["2", "2", "0", "8", "–"]


def test_leaks_are_listed(tmp_path: Path) -> None:
    leak = Leak(
        person_id="p1", scene_id="p1-s2", field="title", slot="demographics.career", found="nurse"
    )
    page = report(tmp_path, small_scores().model_copy(update={"leaks": (leak,)}))
    assert "1 found" in page.text
    assert page.row("Words of a person's persona", "p1-s2")[1:] == [
        "p1", "title", "demographics.career", "nurse",
    ]  # fmt: skip


def test_a_run_without_scores_still_has_its_page(tmp_path: Path) -> None:
    bare = small_scores().model_copy(
        update={"scores": (), "differences": (), "gaps": (), "controls": (), "lives": ()}
    )
    page = report(tmp_path, bare)
    assert "Nothing was scored." in page.text
    assert not (tmp_path / "figures").exists()


def test_one_person_gives_no_interval(tmp_path: Path) -> None:
    alone = Score(
        setting="none",
        model="rules",
        metric="utterances",
        over="overall",
        interval=Interval(mean=2.5, clusters=1, n=4),
    )
    page = report(tmp_path, small_scores().model_copy(update={"scores": (alone,)}))
    assert page.row("The conversation", "No persona none")[1] == "2.50 no interval"


def test_a_comparison_shows_both_runs(tmp_path: Path) -> None:
    one = small_scores("model", "gpt-4o")
    other = small_scores("model", "qwen3-8b").model_copy(
        update={
            "settings": ("none",),
            "user_turns": 5,
            "lives": (),
            "scores": (score("none", "utterances", 2.26, model="qwen3-8b"),),
        }
    )
    file = write_comparison(Comparison(one, other, ("before", "after")), tmp_path)
    page = Page(file.read_text(encoding="utf-8"))
    assert page.row("What was run", "Most user turns")[1:] == ["4", "5", "≠ differs"]
    assert page.row("What was run", "Dataset")[1:] == ["small", "small", "the same"]
    rows = page.rows("Utterances")
    assert rows[1] == [
        "No persona none", "gpt-4o / qwen3-8b", "2.51 [2.46, 2.56]", "2.26 [2.21, 2.31]",
        "−0.25 no interval",
    ]  # fmt: skip
    assert rows[2][2:] == ["1.21 [1.16, 1.26]", "not run", "–"]
    assert page.row("Helpfulness", "No persona none")[2:] == ["7.13 [7.08, 7.18]", "–", "–"]
    assert "No person has the same data in both runs" in page.text


def turns(model: str, *values: float) -> list[Observation]:
    return [
        observed(person, value, model=model)
        for person, value in zip(("a", "b", "c"), values, strict=True)
    ]


def test_runs_of_the_same_data_are_paired(tmp_path: Path) -> None:
    one, other = small_scores("model", "gpt-4o"), small_scores("model", "qwen3-8b")
    between = Between(turns("gpt-4o", 2, 3, 4), turns("qwen3-8b", 1, 2, 3), {"a", "b", "c"}, 4)
    comparison = Comparison(one, other, ("before", "after"), between)
    file = write_comparison(comparison, tmp_path)
    page = Page(file.read_text(encoding="utf-8"))
    assert page.row("Utterances", "No persona none")[-1] == "−1.00 * [−1.00, −1.00]"
    assert page.row("Utterances", "Golden persona golden")[-1] == "–"
    assert "of the 3 people that both runs have" in page.text
    table = comparison_table(comparison)
    console = Console(width=80, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(table)
    lines = [" ".join(line.split()) for line in captured.get().splitlines()]
    assert "Turns ↓ none 2.51 2.51 −1.00 [−1.00, −1.00]*" in lines
    assert not [line for line in lines if "golden" in line]


def test_tracks_are_never_compared(tmp_path: Path) -> None:
    with pytest.raises(RapportError, match="two runs of the same track"):
        write_comparison(
            Comparison(small_scores(), small_scores("model"), ("one", "other")), tmp_path
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("library", ["matplotlib", "jinja2"])
def test_what_to_install_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(RapportError, match=rf"{library}.*requirements/bench\.txt of Rapport's"):
        write_report(small_scores(), tmp_path)


def test_the_console_has_a_row_a_setting() -> None:
    console = Console(width=80, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(summary_table(small_scores()))
    lines = [line.split() for line in captured.get().splitlines()]
    assert lines[0] == ["small,", "scripted", "track"]
    place = lines.index(["none", "7.13", "6.01", "2.51"])
    assert lines[place + 1] == ["7.08–7.18", "5.96–6.06", "2.46–2.56"]
    assert not [line for line in lines if "control-silent" in line]


def test_the_console_says_which_control_does_not_hold() -> None:
    controls = small_scores().controls
    assert controls_text(controls) == ("A control does not hold: golden is best. Seen: it is not.")
    assert controls_text(controls[:1]) == "These controls hold: silent."
    assert controls_text(()) == ""
