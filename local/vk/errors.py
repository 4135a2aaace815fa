"""VK's refusals: the code, VK's own words for it, and what exactly was wrong."""

# error_msg texts are those of VK's published schema (errors.json, 5.199); the ones marked D are
# in VK's documentation only.
TEXTS = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    14: "Captcha needed",
    15: "Access denied",
    18: "User was deleted or banned",
    27: "Group authorization failed",
    29: "Rate limit reached",
    36: "Method execution was interrupted due to timeout",
    100: "One of the parameters specified was missing or invalid",
    103: "Out of limits",
    104: "Not found",
    105: "Couldn't save file",
    113: "Invalid user id",
    118: "Invalid server",
    121: "Invalid hash",
    601: "Permission denied. You have requested too many actions this day. Try later.",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    914: "Message is too long",
    915: "Messages are disabled in the community",  # D
    917: "You don't have access to this chat",
    919: "You can't see invite link for this chat",
    920: "Can't edit this kind of message",
    921: "Can't forward these messages",
    922: "You left this chat",
    924: "Can't delete this message for everybody",
    925: "You are not admin of this chat",
    927: "Chat does not exist",
    932: "Your community can't interact with this peer",
    935: "User not found in chat",
    936: "Contact not found",
    945: "Chat was disabled",
    946: "Chat not supported",
    2000: "Servers number limit is reached",
    1012: "Writing is disabled for this chat",
    984: "Spam restriction",  # D
}


class VkError(Exception):
    """VK says no: `code` is VK's number, `message` what goes into `error_msg`."""

    def __init__(self, code: int, detail: str = "") -> None:
        text = TEXTS.get(code, "Unknown error occurred")
        self.code = code
        self.message = f"{text}: {detail}" if detail else text
        super().__init__(f"{code} {self.message}")


def bad(name: str, why: str = "is invalid") -> VkError:
    """Error 100 that names the parameter, as VK words it."""
    return VkError(100, f"{name} {why}")


class PersonError(Exception):
    """A person cannot do that in the messenger (a dead link, not a member, no such button)."""
