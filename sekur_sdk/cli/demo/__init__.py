"""`sekur demo`: from a fall to an acknowledged alert, on this machine."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from edge_agent.clock import SystemClock
from edge_agent.drivers.emulated.gnss import SimulatedReceiver
from edge_agent.recordings import RecordingError, load_recording
from sekur_sdk.cli.demo.control_room import ControlRoom
from sekur_sdk.cli.demo.guard import Guard, Movement
from sekur_sdk.cli.demo.progress import Progress
from sekur_sdk.cli.demo.server_side import ServerSide
from sekur_sdk.cli.demo.story import NotSeenError, Story, UnexpectedOutcomeError
from sekur_sdk.client.errors import SekurError
from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.seed import DEMO_DEVICE, DEMO_EMPLOYEE, DEMO_SITE, DEMO_TENANT

NOT_SEEN = 1
UNEXPECTED = 3


class Expectation(StrEnum):
    """What the movement is expected to come to."""

    ALARM = "alarm"
    NONE = "none"


class UnusableError(click.ClickException):
    """The demo can't be run as it was asked to."""

    exit_code = 2


@click.command()
@click.option(
    "--recording",
    metavar="FILE[:SUBJECT/ACTIVITY/TRIAL]",
    help="Move the sensor by a recording: a SisFall text file, a CSV (t,x,y,z in s and g), or a trial of an npz.",
)
@click.option(
    "--expect",
    type=click.Choice([expectation.value for expectation in Expectation]),
    default=Expectation.ALARM.value,
    show_default=True,
    help="What must come of the movement.",
)
@click.option("--http-port", type=click.IntRange(0, 65535), default=0, help="The sandbox's port; a free one if 0.")
@click.option("--mqtt-port", type=click.IntRange(0, 65535), default=0, help="The broker's port; a free one if 0.")
def command(recording: str | None, expect: str, http_port: int, mqtt_port: int) -> int:
    """From a fall to an acknowledged alert, on this machine.

    Starts a broker, a sandbox and a wearable on an emulated sensor, all on 127.0.0.1, and tells each step as it is seen. Nothing is left running.

    Exit codes: 0 every step was seen; 1 a step was not; 2 it can't be run as asked; 3 an alarm came where none was expected, or the reverse.
    """
    movement = _movement(recording)
    with Progress.on_stdout() as progress:
        try:
            _run(progress, movement, Expectation(expect), http_port=http_port, mqtt_port=mqtt_port)
        except SandboxError as error:
            raise UnusableError(str(error)) from error
        except UnexpectedOutcomeError as error:
            return _close(progress, f"Not as expected: {error}.", UNEXPECTED)
        except (NotSeenError, SekurError) as error:
            return _close(progress, f"Failed: {error}.", NOT_SEEN)
    return _close(progress, "Every step was seen.", 0)


def _movement(recording: str | None) -> Movement:
    if recording is None:
        return Movement.simulated()
    try:
        return Movement.recorded(load_recording(recording))
    except RecordingError as error:
        raise UnusableError(str(error)) from error


def _close(progress: Progress, verdict: str, code: int) -> int:
    progress.stop()
    progress.close_with_tables()
    click.echo(verdict)
    return code


def _run(progress: Progress, movement: Movement, expectation: Expectation, *, http_port: int, mqtt_port: int) -> None:
    with TemporaryDirectory(prefix="sekur-demo-") as temporary:
        folder = Path(temporary)
        progress.waiting_for("broker and sandbox start")
        with (
            ServerSide(folder, http_port=http_port, mqtt_port=mqtt_port) as server,
            ControlRoom(server.api, server.token) as room,
        ):
            progress.saw("Broker and sandbox run", f"{server.url}, mqtt://127.0.0.1:{server.broker.port}")
            progress.note(f"listen in: mosquitto_sub -h 127.0.0.1 -p {server.broker.port} -t 'sekur/v1/#' -v")
            progress.note(f"the sensor is moved by {movement.told_as}")
            progress.note("not a certified safety device; pre-alarm shortened for the demo")
            site = room.client.sites.get(DEMO_SITE)
            assert site.lat is not None
            assert site.lon is not None
            guard = Guard(
                movement,
                folder=folder,
                tenant=DEMO_TENANT,
                device_id=DEMO_DEVICE,
                employee_id=DEMO_EMPLOYEE,
                site_id=DEMO_SITE,
                position_source=SimulatedReceiver(SystemClock(), site.lat, site.lon),
                broker_port=server.broker.port,
            )
            with guard:
                story = Story(progress, server, guard, room)
                if expectation is Expectation.ALARM:
                    story.with_alarm()
                else:
                    story.without_alarm()
