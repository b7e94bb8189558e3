"""An agreement stands only where nothing is said that may change it."""

import pytest

from services.contracts.vocabulary import ReplyAct
from services.intake.replies import Decision, decide
from tests.unit.intake.deciding import AGREEING, NOW, WORDS, act


@pytest.mark.parametrize("word", AGREEING)
@pytest.mark.parametrize(
    "hedge",
    [
        "However the second action is missing.",
        "subject to the visit",
        "I don't agree with the second action",
        "until the visit",
        "It should say Thursday",
        "maybe",
        "not resolved",
        "NOT RESOLVED",
        "Dispute",
        "One amendment: Kit leads.",
        "Action 2 is Kit's.",
        "Can we speak first?",
        "if Jo agrees",
        "Once the nursery replies.",
        "awaiting my manager's view",
        "Please correct the spelling of her name.",
        "See my comments in the text.",
        "without prejudice",
        "no longer stands",
        "Thanks but no",
        "Thanks, date wrong",
        "Best not to",
        "Jo visits on Thursday",
        "Kind regards\nSam\n\nPS action 2 is for Jo",
        "Kind regards\nSam\n\nThe date in action 2 should be the 8th.",
        "Sam\n\nThe visit is on Friday now.",
        "Sam\nbut the date is wrong",
        "Ask Jo",
        "Hold",
        "SHE HAS BEEN LEFT ALONE AGAIN",
        "URGENT CALL ME",
        "Kit Leads",
    ],
)
def test_an_agreement_with_anything_that_may_change_it_needs_a_person(word: str, hedge: str) -> None:
    assert act(f"{word}\n{hedge}") is None
    assert act(f"{word}, {hedge}") is None
    assert act(f"{word} {hedge}") is None


@pytest.mark.parametrize(
    ("by", "signed", "is_theirs"),
    [
        ("Sam Lee sam.lee@x.example", "Sam", True),
        ("LEE, Samira (BOROUGH COUNCIL) slee@x.example", "Sam", True),
        ("sam.lee@x.example", "SAM LEE", True),
        ("Sam Lee s@x.example", "SL", True),
        ("Sam Lee s@x.example", "S. Lee, Team Manager", True),
        ("Sam Lee s@x.example", "Kit", False),
        ("Sam Lee s@x.example", "KL", False),
        ("", "Sam", False),
    ],
)
def test_a_name_below_an_agreement_is_the_senders(by: str, signed: str, is_theirs: bool) -> None:
    assert isinstance(decide(f"CONFIRM\n\n{signed}", NOW, by), Decision) is is_theirs


@pytest.mark.parametrize("word", AGREEING)
@pytest.mark.parametrize(
    "after",
    [
        "",
        "\n\nKind regards\nSam",
        ". Many thanks",
        " - thanks Jo",
        " – thank you very much",
        "\nThanks for sorting this so quickly.\nSam",
        "\n\nSam Oduya\nTeam Manager, Assessment Team\nDemonstration Council | 01234 000000",
        "\n\nSam (covering for Jo)",
        ", Sam",
        ". Sam Oduya, Team Manager",
        "\n\nWe accept the decision.",
        ". No changes needed.",
        "\nThis is what we agreed.\n\nRegards\nSam",
        "\n\nOFFICIAL-SENSITIVE",
        "\n\nSam x",
        "\n~ Sam",
        "\n\nSam\n\nSam Oduya (she/her)\nTeam Manager\n\nI work flexibly. I do not expect a reply outside your hours.",
        "\n\nThanks\n\nDr Sam Oduya MRCPCH\nNamed Doctor\n\nNB my clinic days are Tuesday and Thursday",
        "\n\nSam\nThis email is confidential. If you are not the intended recipient, do not confirm anything.",
        "\n\nRegards\nSam\n\nWe do not resolve disputes by phone. I agree to be recorded, unless I say that I am not.",
    ],
)
def test_an_agreement_may_be_signed_thanked_for_and_said_again(word: str, after: str) -> None:
    assert act(f"{word}{after}") is WORDS[word]


@pytest.mark.parametrize(
    "words",
    [
        "Hi Sam, confirm. Thanks",
        "Morning all - confirmed. Thanks, Sam",
        "Thanks Jo. Confirmed.",
        "Many thanks for this\n\nConfirmed",
        "Apologies for the delay\n\nConfirm",
        "Sorry for the late reply - confirm",
        "Yes, confirmed.",
        "OFFICIAL-SENSITIVE\n\nConfirm",
        "Classification: OFFICIAL - SENSITIVE\nHi\nConfirm",
        "[Sam Lee] CONFIRM",
        "<confirm>",
        "I confirm the outcome.",
        "We confirm this outcome as written.",
        "I confirm that this is what was agreed.",
        "I can confirm this is an accurate record of what we agreed.",
        "Confirmed. Signed by Sam Oduya, Team Manager",
        "Confirmed on behalf of Demonstration Borough Children's Social Care.",
        "Confirm - SL",
    ],
)
def test_a_confirmation_as_people_write_it(words: str) -> None:
    assert act(words) is ReplyAct.CONFIRMED


@pytest.mark.parametrize(
    "words",
    [
        "Confirm the outcome",
        "Confirm the outcome by 9:15am on Tuesday 8 December 2026",
        "I confirm receipt.",
        "I confirm I will attend",
        "I can confirm that we do not agree",
        "I confirm the outcome is wrong",
        "Confirmed with Jo that we differ",
        "Confirmed. RESPONSE",
        "Confirm Monday",
        "Confirm…",
        "[NOT] CONFIRM",
        "[Do Not] CONFIRM",
        "… CONFIRM",
        "Hi Jo we have looked at it and it is too early for us to\nconfirm.",
        "All of us think it is wrong to\nconfirm.",
        "Hi Jo, we can't\nconfirm",
        "I can't confirm this yet",
        "Thanks for not asking me to\nconfirm",
        "Confirmed by Mum",
        "Confirmed, Teams",
        "Confirmed - Borough Hall",
        "On behalf of Sam Lee: confirm",
    ],
)
def test_what_only_looks_like_a_confirmation_needs_a_person(words: str) -> None:
    assert act(words) is None
