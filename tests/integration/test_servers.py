"""The servers the tests use are the real ones, and each service is kept to its own part of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import aio_pika
import aiosmtplib
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused
from pamqp.common import FieldTable
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from temporalio import workflow
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from services.contracts.intake import FormReceived
from tests.smtp_sink import SmtpSink

AmqpUrl = Callable[[str], str]


@asynccontextmanager
async def channel(url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        yield channel


async def test_a_service_says_and_hears_only_what_the_catalogue_lets_it(amqp_url: AmqpUrl) -> None:
    topic = FormReceived.topic
    quorum: FieldTable = {"x-queue-type": "quorum"}
    async with channel(amqp_url("escalator")) as escalator:
        queue = await escalator.declare_queue(f"escalator.{topic}", durable=True, arguments=quorum)
        await queue.bind("concord", topic)
        async with channel(amqp_url("intake")) as intake:
            exchange = await intake.get_exchange("concord")
            await exchange.publish(aio_pika.Message(b"a form"), topic)
        message = await queue.get(timeout=5)
        assert message.body == b"a form"
        await message.ack()

    async with channel(amqp_url("notifier")) as notifier:
        exchange = await notifier.get_exchange("concord")
        with pytest.raises(ChannelAccessRefused):
            await exchange.publish(aio_pika.Message(b"made up"), topic)
    async with channel(amqp_url("notifier")) as notifier:
        with pytest.raises(ChannelAccessRefused):
            await (await notifier.get_queue(f"escalator.{topic}")).get()
    async with channel(amqp_url("notifier")) as notifier:
        own = await notifier.declare_queue("notifier.listening", durable=True, arguments=quorum)
        with pytest.raises(ChannelAccessRefused):
            await own.bind("concord", topic)
    async with channel(amqp_url("notifier")) as notifier:
        with pytest.raises(ChannelAccessRefused):
            await notifier.default_exchange.publish(aio_pika.Message(b"past the exchange"), f"escalator.{topic}")


@pytest.mark.parametrize("attempt", range(20))
async def test_every_test_has_a_broker_without_queues(amqp_url: AmqpUrl, attempt: int) -> None:
    async with channel(amqp_url("operator")) as operator:
        queue = await operator.declare_queue("anything", durable=True)
        assert queue.declaration_result.message_count == 0
        await operator.default_exchange.publish(aio_pika.Message(b"left behind"), "anything")


async def test_a_service_reaches_only_its_own_database(make_database: Callable[[str], str]) -> None:
    intake, records = make_database("intake"), make_database("records")
    engine = create_async_engine(intake)
    async with engine.begin() as connection:
        await connection.execute(text("create table mine (id integer)"))
    await engine.dispose()

    engine = create_async_engine(intake.rpartition("/")[0] + "/" + records.rpartition("/")[2])
    with pytest.raises(DBAPIError, match="permission denied for database"):
        async with engine.connect():
            pass
    await engine.dispose()


@workflow.defn
class ThreeDays:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(timedelta(days=3))
        return "three days later"


async def test_three_days_pass_at_once(temporal: TimeSkipper) -> None:
    queue = f"three-days-{uuid4()}"
    async with Worker(temporal.client, task_queue=queue, workflows=[ThreeDays], workflow_runner=UnsandboxedWorkflowRunner()):
        handle = await temporal.client.start_workflow(ThreeDays.run, id=queue, task_queue=queue)
        assert await handle.result() == "three days later"


async def test_the_sink_keeps_mail_and_misbehaves_as_told(smtp_sink: SmtpSink) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@one.test", "b@two.test", "Dŵr – 1"
    mail.set_content("Siân")

    async def send() -> None:
        await aiosmtplib.send(mail, hostname=smtp_sink.host, port=smtp_sink.port, timeout=1)

    await send()
    delivered = await smtp_sink.wait_for(1)
    assert delivered[0].recipients == ("b@two.test",)
    assert delivered[0].message["Subject"] == "Dŵr – 1"
    assert delivered[0].message.get_content().strip() == "Siân"

    smtp_sink.replies = ["451 4.7.1 Later"]
    with pytest.raises(aiosmtplib.SMTPDataError, match="Later"):
        await send()
    smtp_sink.recipient_replies = ["550 5.1.1 Unknown"]
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send()
    smtp_sink.dropping = 1
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send()
    smtp_sink.silent = True
    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        await send()
    smtp_sink.silent = False
    await smtp_sink.stop()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send()
    await smtp_sink.start()
    await send()
    assert len(await smtp_sink.wait_for(4)) == 4
