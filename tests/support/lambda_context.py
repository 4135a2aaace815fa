"""What Lambda tells a handler about itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    function_name: str = "world"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:0:function:world"
    aws_request_id: str = "request"


CONTEXT = Context()
