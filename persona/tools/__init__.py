"""The tools a chat model may call.

No tool takes a person as an argument: whose turn it is, is bound by code. What a tool with side
effects is given is the person's words of this turn, never what the persona says about them.
"""

from persona.tools.executor import Tool, ToolContext, ToolExecutor
from persona.tools.schema import Arguments, function_schema

__all__ = ["Arguments", "Tool", "ToolContext", "ToolExecutor", "function_schema"]
