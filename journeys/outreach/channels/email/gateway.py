"""E-mail over SMTP (RFC 5321), one connection for many messages."""

import re
import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr

from django.conf import settings

from journeys.outreach.channels import web
from journeys.outreach.channels.protocol import (
    Deadline,
    Outcome,
    Parcel,
    code_of,
    deadline,
    setting,
)
from journeys.outreach.enums import Found, Result

CODE = code_of(__package__)
# What stands in a line of the envelope or of a header must not break out of it.
_UNSAFE = re.compile(r"[^\x21-\x7e]|[<>]")
_LONGEST_REPLY = 2_000


class EmailGateway:
    """A kept connection to the relay of the settings."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def hand_over(self, parcel: Parcel) -> Outcome:
        """This will hand one mail over. Once its text goes out, silence means doubt."""
        try:
            data = _bytes_of(parcel)
        except ValueError as error:
            return Outcome(Result.REFUSED, str(error))
        end = deadline()
        try:
            smtp = self._begin(end)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome(Result.UNREACHABLE, _name_of(error))
        try:
            refused = self._announce(smtp, parcel, end)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome(Result.BUSY, _name_of(error))
        if refused is not None:
            return refused
        try:
            smtp.send(data)
            code, reply = _reply(smtp, end)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome(Result.NO_ANSWER, _name_of(error))
        return classify(code, reply, is_recipient=False)

    def find(self, key: str) -> Found:
        """This will ask the relay what became of a message key."""
        return web.find_at(setting(CODE, "STATUS_URL"), key, deadline())

    def close(self) -> None:
        """This will let the connection go."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _begin(self, end: Deadline) -> smtplib.SMTP:
        """The kept connection where it still answers, otherwise a new one."""
        if self._smtp is not None:
            try:
                _limit(self._smtp, end)
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        smtp = smtplib.SMTP(
            setting(CODE, "HOST"),
            int(setting(CODE, "PORT") or 25),
            local_hostname=socket.gethostname(),
            timeout=end.left(),
        )
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if setting(CODE, "USE_TLS").lower() in {"1", "true", "yes"}:
            smtp.starttls(context=ssl.create_default_context())
        if user := setting(CODE, "HOST_USER"):
            smtp.login(user, setting(CODE, "HOST_PASSWORD"))
        return smtp

    def _announce(self, smtp: smtplib.SMTP, parcel: Parcel, end: Deadline) -> Outcome | None:
        """Envelope and DATA: up to here the relay has taken nothing. None: it wants the text."""
        steps = (
            (f"mail FROM:<{return_path(parcel.tag)}>", 250),
            (f"rcpt TO:<{parcel.destination}>", 250),
            ("data", 354),
        )
        for command, wanted in steps:
            smtp.putcmd(command)
            code, reply = _reply(smtp, end)
            if code != wanted and not (wanted == 250 and code == 251):
                is_recipient = command.startswith("rcpt")
                if command.startswith("mail"):
                    # Our own sender or set-up is refused: no fault of this message.
                    return Outcome(Result.BUSY, f"{code} {reply}")
                return classify(code, reply, is_recipient=is_recipient)
        return None


def classify(code: int, reply: str, *, is_recipient: bool) -> Outcome:
    """This will read a reply of the relay to a recipient, or to the message itself."""
    detail = f"{code} {reply}"
    if 200 <= code < 300:
        return Outcome(Result.SENT, reference=reply)
    if 400 <= code < 500:
        return Outcome(Result.BUSY, detail)
    return Outcome(Result.BAD_ADDRESS if is_recipient else Result.REFUSED, detail)


def return_path(tag: str) -> str:
    """This will return the address to which a mail comes back that cannot be delivered: that of
    EMAIL_BOUNCES with the tag of the message in it (VERP), so that it is known even where the
    report says nothing else; without that setting the sender's own."""
    user, at, host = setting(CODE, "BOUNCES").partition("@")
    return f"{user}+{tag}@{host}" if at and tag else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _limit(smtp: smtplib.SMTP, end: Deadline) -> None:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected
    smtp.sock.settimeout(end.left())


def _reply(smtp: smtplib.SMTP, end: Deadline) -> tuple[int, str]:
    _limit(smtp, end)
    code, reply = smtp.getreply()
    if code == -1 or code == 421:
        raise smtplib.SMTPServerDisconnected(str(code))
    return code, reply[:_LONGEST_REPLY].decode("utf-8", "replace")


def _bytes_of(parcel: Parcel) -> bytes:
    """The mail as it goes over the wire, ended by its dot. Raises ValueError for a subject or
    address that would break out of its header."""
    if _UNSAFE.search(parcel.destination):
        raise ValueError("destination")
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = parcel.destination
    mail["Subject"] = parcel.subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{parcel.key}@{sender.partition('@')[2]}>"
    mail["X-Message-Key"] = parcel.key
    mail.set_content(parcel.body, cte="base64")
    data = _ways_out(parcel, sender) + mail.as_bytes()
    return re.sub(rb"(?m)^\.", b"..", data).rstrip(b"\r\n") + b"\r\n.\r\n"


def _ways_out(parcel: Parcel, sender: str) -> bytes:
    """How a mail programme takes the consent back: by the page, by mail (RFC 2369), and with one
    click (RFC 8058, over https alone). Written by hand: the library would encode a long address,
    and no mail programme would find it."""
    if not parcel.token:
        return b""
    ways = [f"<mailto:{sender}?subject=unsubscribe%20{parcel.token}>"]
    if parcel.refuse_url:
        ways.insert(0, f"<{parcel.refuse_url}>")
    if any(_UNSAFE.search(way[1:-1]) for way in ways):
        raise ValueError("refuse_url")
    lines = ["List-Unsubscribe: " + ",\r\n ".join(ways)]
    if parcel.refuse_url.startswith("https://"):
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "\r\n".join([*lines, ""]).encode("ascii")


def _name_of(error: Exception) -> str:
    """The kind of fault only: an SMTP error's text may hold the address."""
    return type(error).__name__
