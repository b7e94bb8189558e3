"""Notices that do not leave: the board is told by mail while other mail leaves, once, and not by a mail that could not leave either."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.records.late import PATIENCE, Late
from tests.integration.records_world import migrated, said, take_in
from tests.unit.records.story import BOARD, CASE, PUBLISHED, Story

SOON, LATER = timedelta(minutes=1), PATIENCE + timedelta(minutes=1)


@pytest.fixture
async def database(make_migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    yield made
    await made.close()


async def told(database: Database) -> list[SendNotice]:
    """The mails that wait to be asked for."""
    return [SendNotice.model_validate_json(body) for topic, body in await said(database) if topic == SendNotice.topic]


@pytest.fixture
async def story(database: Database, sealer: Sealer) -> Story:
    """A case with three notices, of which one has left."""
    story = Story(sealer)
    known = [PUBLISHED, story.form(), story.opened(), *(story.notice(str(number)) for number in range(1, 4))]
    await take_in(database, [*known, story.sent("1")])
    return story


async def test_a_board_is_told_of_late_notices_once(database: Database, story: Story) -> None:
    late = Late(database)
    await late.tell(story.at + SOON)
    assert await told(database) == []
    await take_in(database, [story.sent("3").model_copy(update={"at": story.at + LATER})])
    await late.tell(story.at + LATER)
    (notice,) = await told(database)
    assert (notice.board, notice.to.address, notice.kind) == (BOARD, PUBLISHED.inbox, "told")
    assert notice.facts["items"] == [CASE]
    assert "1 notice has waited for more than 15 minutes" in str(notice.facts["lines"])
    await take_in(database, [notice])
    await late.tell(story.at + LATER + SOON)
    assert len(await told(database)) == 1
    await late.tell(
        story.at + 2 * LATER
    )  # nothing has left for some time: the mail about it is late too, and no reason for another
    assert len(await told(database)) == 1


async def test_while_no_mail_leaves_none_is_sent_about_it(database: Database, story: Story) -> None:
    await Late(database).tell(story.at + 2 * LATER)
    assert await told(database) == []


async def test_notices_that_left_or_failed_are_not_late(database: Database, story: Story) -> None:
    left = story.sent("2").model_copy(update={"at": story.at + LATER})
    await take_in(database, [left, story.failed("3", "550 no")])
    await Late(database).tell(story.at + LATER)
    assert await told(database) == []
