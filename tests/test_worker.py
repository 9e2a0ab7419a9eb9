"""A job outlives the worker that had begun it."""

import os
import signal

from tests.client import People, eventually
from tests.residue import database
from tests.server import Server

JOB = """
SELECT id FROM procrastinate_jobs
WHERE task_name = 'accounts.clear' AND args->>'user_id' = %s AND status = 'doing'
"""


async def test_a_killed_workers_job_runs_again(fragile: Server, fragile_people: People) -> None:
    await eventually(fragile_people.is_ready)
    alice, bob = await fragile_people("alice", "bob")
    chat = await alice.connect(bob)
    await alice.say(chat, "canary")
    with database(fragile) as holding, database(fragile) as looking:

        def texts() -> list[object]:
            query = "SELECT text FROM chat_message WHERE chat_id = %s"
            return [text for (text,) in looking.execute(query, [int(chat)]).fetchall()]

        async def has_begun() -> bool:
            return looking.execute(JOB, [alice.id]).fetchone() is not None

        async def is_done() -> bool:
            return texts() == [""]

        with holding.transaction():
            holding.execute("SELECT FROM chat_chat WHERE id = %s FOR UPDATE", [int(chat)])
            await alice.ask("DELETE", "users/me/", 204)
            await eventually(has_begun)
            (worker,) = fragile.parts("worker")
            os.kill(worker.pid, signal.SIGKILL)
        assert texts() == ["canary"]
        # The launcher starts another, which sees that the first is silent.
        await eventually(is_done, seconds=30)
        assert worker.pid not in {part.pid for part in fragile.parts("worker")}
