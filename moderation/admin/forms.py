"""What staff fill in before something is done."""

from django import forms

_REASON_CHARS = 300
_ANSWER_CHARS = 1000


class ActForm(forms.Form):
    """Why; it stands in the audit log."""

    reason = forms.CharField(max_length=_REASON_CHARS, widget=forms.Textarea(attrs={"rows": 3}))


class ToldForm(forms.Form):
    """Why, in words that the person is told too."""

    reason = forms.CharField(
        max_length=_REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person is told this.",
    )


class SuspendForm(ToldForm):
    """For how long."""

    hours = forms.IntegerField(min_value=1, max_value=24 * 365, initial=24)


class WarnForm(forms.Form):
    """What the person is told."""

    text = forms.CharField(
        max_length=_ANSWER_CHARS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The person is told this on all their devices.",
    )


class AnswerForm(forms.Form):
    """What the reporter is told of the decision."""

    answer = forms.CharField(
        max_length=_ANSWER_CHARS,
        required=False,
        label="Answer",
        help_text="The reporter reads this beside their report.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReadForm(forms.Form):
    """Which messages, and why."""

    chat = forms.CharField(max_length=19, help_text="The id of the chat.")
    seq = forms.IntegerField(min_value=0, max_value=2**53, help_text="Around this message.")
    reason = forms.CharField(
        min_length=10, max_length=_REASON_CHARS, widget=forms.Textarea(attrs={"rows": 3})
    )
