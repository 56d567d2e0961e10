"""The editor of a wording: what it says is looked at while it is typed, sent to oneself, and put
before another person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.texts import operations, panels, queries, rules
from campaigns.texts.forms import LookForm, NewTextForm, WordsForm, as_kept
from campaigns.texts.views.shared import key_sent, text_found
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from journeys.outreach import rules as filling
from portal.kit import clock, parts
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def text_start(request: HttpRequest) -> HttpResponse:
    """This will write a text that is not there yet, or one that came back before it ever was; a
    link may name which."""
    asked = rules.read_key(request.GET.get("key", ""))
    way = queries.on_its_way(asked) if asked else None
    begun = {"language": "zh-hans", "channel": "sms"}
    if asked:
        begun = {"code": asked.code, "channel": asked.channel, "language": asked.language}
    if way:
        begun |= {"subject": way.snapshot["subject"], "body": way.snapshot["body"]}
    form = NewTextForm(
        request.POST or None, channels=outbox.text_channels(), initial=begun,
        with_headline=outbox.with_headline(), senders=queries.senders_on(clock.today()),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        if queries.find_by_key(form.key) is not None:
            form.add_error("code", _("This text is there already: write its next version."))
        elif _propose(request, form, form.key):
            return redirect("text_of", str(form.key))
    return _editor(request, form, {"text": None, "result": "", "way": way})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def text_new(request: HttpRequest, text_id: int) -> HttpResponse:
    """This will write the next version of a text, beginning with the words that came back last, or
    with those of a version that it had."""
    text = text_found(text_id)
    key, way = rules.key_of(text), queries.on_its_way(rules.key_of(text))
    begun = {"subject": text.subject, "body": text.body}
    if way is not None and not queries.is_waiting(way):
        begun = {name: way.snapshot[name] for name in begun}
    form = WordsForm(
        request.POST or None, has_subject=outbox.has_headline(text.channel),
        is_result=key.is_of_result, initial=begun, senders=_senders_for(key),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _propose(request, form, key):
        return redirect("text_page", text_id)
    return _editor(request, form, {"text": text, "result": queries.result_of(text), "way": way})


def _senders_for(key: rules.Key) -> tuple[str, ...] | None:
    """The names to choose from, of a channel whose texts begin with one."""
    return queries.senders_on(clock.today()) if outbox.names_senders(key.channel) else None


def _propose(request: HttpRequest, form: WordsForm, key: rules.Key) -> bool:
    """Whether it was submitted; what is wrong stands in the form."""
    try:
        operations.propose_text(key=key, **form.words, maker=staff_of(request), at=clock.now())
    except operations.TextNotFit as unfit:
        for fault in unfit.faults:
            form.add_error(fault.field if fault.field in form.fields else "body", fault.sentence)
        return False
    except operations.TextRefused as refused:
        form.add_error("body", str(refused))
        return False
    messages.success(request, _("Submitted; it may be sent once somebody else has approved it."))
    return True


def _editor(request: HttpRequest, form: WordsForm, known: dict[str, Any]) -> HttpResponse:
    text = known["text"]
    sent_by = queries.approved_with(text.pk) if text else []
    campaign = sent_by[-1].campaign.code if sent_by else ""
    look = LookForm(request.POST or None, campaigns=_campaigns(), initial={"campaign": campaign})
    context = {
        **known,
        "form": form,
        "look": look,
        "key": rules.key_of(text) if text else None,
        "with_headline": " ".join(outbox.with_headline()),
        "kept_by": sent_by,
        "voided": queries.waiting_with(text.pk) if text else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/texts/editor.html", context, status=status)


def _campaigns() -> list[tuple[str, str]]:
    return [(row.code, row.label) for row in queries.campaigns()]


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("text_list")
def text_look(request: HttpRequest) -> HttpResponse:
    """This will show how a wording reads that somebody types, how long it is and what is found in
    it, as a part of the page."""
    key = key_sent(request)
    form = LookForm(request.POST, campaigns=_campaigns())
    asked = form.cleaned_data if form.is_valid() else {"customer": "", "campaign": ""}
    words = _words_sent(request, key)
    context = panels.look(
        request, key, words, number=asked["customer"], campaign_code=asked["campaign"]
    )
    # Nobody is told what is wrong before the first letter.
    context["is_empty"] = not any(words.values())
    return render(request, "campaigns/texts/_look.html", context)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("text_list")
def text_test(request: HttpRequest) -> HttpResponse:
    """This will send a wording to the one who is signed in, and say what became of it, as a part of
    the page."""
    key = key_sent(request)
    said: dict[str, Any] = {"test": None, "problem": "", "said": ""}
    try:
        test = operations.send_test(
            key=key, **_words_sent(request, key), actor=staff_of(request), at=clock.now()
        )
        said |= {"test": test, "said": outreach.words_of(test.result)}
    except (operations.TextNotFit, outreach.NotTested) as refused:
        said["problem"] = str(refused)
    return render(request, "campaigns/texts/_tested.html", said)


def _words_sent(request: HttpRequest, key: rules.Key) -> dict[str, str]:
    """What is typed so far, as it would be kept; a headline that the channel does not show is not
    looked at."""
    subject, body = (request.POST.get(name, "")[:20_000] for name in ("subject", "body"))
    if not outbox.has_headline(key.channel):
        subject = ""
    sender = request.POST.get("sender", "")
    if sender in (_senders_for(key) or ()):
        body = filling.with_sender(body, sender)
    return {"subject": subject.strip(), "body": as_kept(body)}
