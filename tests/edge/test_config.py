"""The wearable's configuration: ten lines suffice, and every mistake is told with its place and what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge_agent.config import AlarmsSection, BrokerSection, Config, ConfigError
from sekur_sdk.models.device import DeviceSettings

if TYPE_CHECKING:
    from pathlib import Path

TEN_LINES = """\
[device]
tenant = "acme"
id = "w-1"

[broker]
host = "broker.example"

[wearer]
employee_id = "emp_1"
site_id = "site_1"
"""


def load(folder: Path, text: str) -> Config:
    file = folder / "wearable.toml"
    file.write_text(text, encoding="utf-8")
    return Config.load(file)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load(folder, text)
    message = str(error.value)
    assert message.startswith(f"{folder / 'wearable.toml'}: ")
    return message.removeprefix(f"{folder / 'wearable.toml'}: ")


def test_ten_lines_suffice(tmp_path: Path) -> None:
    config = load(tmp_path, TEN_LINES)

    assert (config.broker.port_number, config.broker.keepalive_s) == (1883, 15)
    assert (config.alarms.pre_alarm_s, config.alarms.tilt_deg, config.alarms.no_motion_mg) == (15, 45, 100)
    assert (config.sensor.address, config.health.interval_s) == (0x53, 60)


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("[alarms]\ntilt_dag = 50", "alarms.tilt_dag: unknown key; did you mean 'tilt_deg'?"),
        ("[alarm]\ntilt_deg = 50", "alarm: unknown key; did you mean 'alarms'?"),
        ("[alarms]\ntilt_deg = 95", "alarms.tilt_deg: Expected `float` <= 90.0"),
        ("[alarms]\npre_alarm_s = '15'", "alarms.pre_alarm_s: Expected `float`, got `str`"),
        ("[alarms]\npre_alarm_s = nan", "alarms.pre_alarm_s: Expected a number, got nan"),
        ("[sensor]\nchip = 'bmi270'", "sensor.chip: Invalid enum value 'bmi270'; allowed: adxl345"),
        ("[sensor]\naddress = 0x18", "sensor.address: Invalid enum value 24; allowed: 83, 29"),
        ("[sensor]\nbus = -1", "sensor.bus: Expected `int` >= 0"),
        ("[storage]\npath = 3", "storage.path: Expected the path of a file, as a string"),
        ("[gps]\nenabled = 1", "gps.enabled: Expected `bool`, got `int`"),
        ("sensor = 3", "wearer.sensor: unknown key; possible here: "),
    ],
)
def test_a_mistake_is_told_with_its_key_and_what_is_allowed(tmp_path: Path, addition: str, message: str) -> None:
    assert refused(tmp_path, f"{TEN_LINES}\n{addition}\n").startswith(message)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, TEN_LINES.replace('id = "w-1"\n', "", 1)) == "device.id: missing; it has no default"
    assert refused(tmp_path, TEN_LINES.replace("[wearer]", "[gps]")).startswith("gps.employee_id: unknown key")


def test_a_section_that_is_none_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path, f"sensor = 3\n{TEN_LINES}") == "sensor: Expected a section, like [sensor]"


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in refused(tmp_path, "[device]\ntenant = acme\n")


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read: No such file"):
        Config.load(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        Config.load(tmp_path / "binary.toml")


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("cert_file = 'wearable.toml'", "broker.key_file"),
        ("cert_file = 'wearable.toml'\nkey_file = 'wearable.toml'", "broker.ca_file"),
        ("password_env = 'SECRET'", "broker.user"),
        ("user = 'w-1'\npassword_env = 'SECRET'\npassword_file = 'wearable.toml'", "broker.password_env"),
        ("ca_file = 'missing.pem'", "broker.ca_file"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(tmp_path: Path, lines: str, key: str) -> None:
    text = TEN_LINES.replace('host = "broker.example"', f'host = "broker.example"\n{lines}')

    assert refused(tmp_path, text).startswith(f"{key}: ")


def test_a_password_stays_in_its_file_and_out_of_every_repr(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2\n", encoding="utf-8")
    text = TEN_LINES.replace('host = "broker.example"', "host = 'b'\nuser = 'w-1'\npassword_file = 'password'")
    config = load(tmp_path, text)

    assert config.broker.password() == "hunter2"
    assert "hunter2" not in repr(config)


def test_a_password_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEKUR_TEST_PASSWORD", raising=False)

    with pytest.raises(LookupError, match="SEKUR_TEST_PASSWORD is not set"):
        BrokerSection(host="b", user="u", password_env="SEKUR_TEST_PASSWORD").password()


def test_tls_moves_the_default_port() -> None:
    assert BrokerSection(host="b", tls=True).port_number == 8883


def test_a_server_sets_what_it_names_and_leaves_the_rest() -> None:
    alarms = AlarmsSection(tilt_deg=60).with_settings(DeviceSettings(pre_alarm_s=30, silent_sos=True))

    assert (alarms.pre_alarm_s, alarms.tilt_deg, alarms.silent_sos) == (30, 60, True)
