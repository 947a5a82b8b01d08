"""Two hosts asked at the same moment: what one answers holds on the other."""
import asyncio
import random
import ssl
import time

import cluster
from cluster import ADDRESSES, APPS, FOLDER
from faults import Scene, fault
from orders import FAR_AWAY, Connection, make_users

RACER = 100     # the number of the user who races
AT_ONCE, TURNS = 16, 63


def hosts_context():
    """As the edge comes to the hosts, with its certificate."""
    context = ssl.create_default_context(cafile=FOLDER / "edge/tls/hosts.pem")
    context.load_cert_chain(FOLDER / "edge/tls/edge.pem", FOLDER / "edge/tls/edge.key")
    return context


def connections(user, count):
    context = hosts_context()
    return [Connection(1 + at % 64, user, to=(ADDRESSES[APPS[at % 2]], 8443), context=context) for at in range(count)]


async def order(connection, topic):
    return await connection.ask("POST", "/actions/premium", {"topic": topic, "pages": "1", "_once": topic})


async def race(scene, db, title, take, give_back):
    """1,000 orders of one user on both hosts, while something is taken from the user again and again."""
    count = f"SELECT count(*) FROM reports WHERE user_id = {RACER}"
    late = done = refused = 0
    took = 0.05  # seconds, until it was answered
    asking = connections(RACER, AT_ONCE)

    async def order_soon(connection, topic):
        await asyncio.sleep(random.uniform(0, 1.7 * took))
        return await order(connection, topic)

    for turn in range(TURNS):
        give_back()
        orders = [asyncio.create_task(order_soon(connection, f"{scene.run}-{title}-{turn}-{at}"))
                  for at, connection in enumerate(asking)]
        start = time.monotonic()
        await take()
        took = time.monotonic() - start
        at_answer = db.one(count)
        for status, body in await asyncio.gather(*orders):
            done += status == 200
            refused += status in (401, 402, 403)
            scene.expect(status in (200, 401, 402, 403, 503), f"{status} {body[:100]}")
        late += int(db.one(count)) - int(at_answer)
    for connection in asking:
        connection.close()
    scene.says.append(f"{title}: {done} done before, {refused} refused after, {late} late")
    scene.expect(late == 0, f"{late} effects after the {title} was answered")
    scene.expect_soon(done > 50 and refused > 50, f"no race: {done} done, {refused} refused")


@fault(15, "revoked", "`revoke` and sign-out racing 2,000 orders on both hosts", None)
async def revoked(scene):
    db = cluster.Database(await cluster.primary())
    make_users(db, RACER)
    email = f"visitor{RACER}@example.com"

    async def revoke():
        code, said = await cluster.actiond(random.choice(APPS), "revoke", email)
        scene.expect(code == 0, said)

    async def sign_out():
        await asyncio.sleep(0.02)
        connection = random.choice(leaving)
        status, body = await connection.ask("POST", "/actions/sign-out", {})
        scene.expect(status == 200, f"sign-out: {status} {body[:100]}")

    leaving = connections(RACER, 2)
    await race(scene, db, "revoke", revoke, lambda: db.rows(
        f"INSERT INTO grants (user_id, name, source, until) VALUES ({RACER}, 'paid', 'operator', {FAR_AWAY}) "
        "ON CONFLICT (user_id, name, source) DO UPDATE SET until = excluded.until"))
    make_users(db, RACER)
    await race(scene, db, "sign-out", sign_out, lambda: make_users(db, RACER))
    db.close()


@fault(16, "same", "the same 1,000 submissions sent to both hosts at once", None)
async def same(scene):
    db = cluster.Database(await cluster.primary())
    make_users(db, 64)
    answers = {}

    async def send(lane):
        both = connections(1 + lane, 2)
        for number in range(lane, 1000, 32):
            topic = f"{scene.run}-{number}"
            answers[topic] = set(await asyncio.gather(*(until_answered(connection, topic) for connection in both)))
        for connection in both:
            connection.close()

    async def until_answered(connection, topic):
        until = time.monotonic() + 30
        while (answer := await order(connection, topic))[0] != 200 and time.monotonic() < until:
            scene.expect(answer[0] == 503, f"{answer[0]} {answer[1][:100]}")
        return answer[1]

    await asyncio.gather(*(send(lane) for lane in range(32)))
    effects, topics = db.rows(
        f"SELECT count(*), count(DISTINCT topic) FROM reports WHERE topic LIKE '{scene.run}-%'")[0]
    db.close()
    differ = sum(len(bodies) != 1 for bodies in answers.values())
    scene.says.append(f"{effects} effects of {topics} submissions, {differ} answered differently")
    scene.expect((effects, topics) == ("1000", "1000"), f"{effects} effects")
    scene.expect(differ == 0, f"{differ} answers differ")
