"""What several pages of message texts need."""

from typing import Any

from django.http import Http404, HttpRequest

from campaigns.texts import queries, rules
from campaigns.texts.forms import LANGUAGES
from journeys.outreach import queries as outbox


def text_found(text_id: int) -> Any:
    """This will find a wording, or answer that there is none."""
    found = queries.find_text(text_id)
    if found is None:
        raise Http404
    return found


def key_sent(request: HttpRequest) -> rules.Key:
    """This will read which text a form is about; a channel or language that is none is answered
    that there is none."""
    code, channel, language = (
        request.POST.get(name, "")[:40] for name in ("code", "channel", "language")
    )
    if channel not in outbox.text_channels() or language not in LANGUAGES:
        raise Http404
    key = rules.Key(code, channel, language)
    # What is being typed may be no code yet.
    return key if rules.read_key(str(key)) else rules.Key("", channel, language)
