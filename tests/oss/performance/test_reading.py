"""A performance file in the words of the inventory: what is known is measured, strangers are told, the rest is left."""

import pytest

from ossbss.contract.assurance import VendorMessage
from ossbss.oss.elements import adapters
from ossbss.oss.inventory import read_inventory
from tests.oss.elements.test_pm_xml import FOOT, HEAD, NS, PERIOD
from tests.town import town

INVENTORY = read_inventory(town())


def read(*objects, suspect=""):
    """``objects``: distinguished names, each with one counter; an element's name in the file is not believed."""
    values = "".join(f'<measValue measObjLdn="{name}"><r p="1">7</r>{suspect}</measValue>' for name in objects)
    data = (f'<measData><managedElement localDn="somebody else"/><measInfo>{PERIOD}<measType p="1">x</measType>{values}'
            "</measInfo></measData>")  # fmt: skip
    message = VendorMessage(sender="r-port", message_id="1", occurred_ms=0, element_id="r-port", dialect="pm_xml",
                            payload=f'<measCollecFile xmlns="{NS}">{HEAD}{data}{FOOT}</measCollecFile>'.encode())  # fmt: skip
    return message, adapters.read(message, 0, INVENTORY.names)


def test_ports_cells_and_sessions_are_called_by_the_inventory_s_ids():
    link, service = INVENTORY.links["east-port"], INVENTORY.services["svc-port"]
    _, reading = read(f"IpInterface={link.port_at('r-port')}", "NRCellCU=0", f"ManagedElement=1,TwampSession={service.probe}")
    assert [(m.measured_object, m.element, m.value) for m in reading.measurements] == [
        ("east-port", "r-port", 7), ("cell-port", "r-port", 7), ("svc-port", "r-port", 7)]  # fmt: skip
    assert (reading.rejected, reading.alarms) == (None, ())


@pytest.mark.parametrize(("name", "said"), [
    ("IpInterface=GigabitEthernet9/9/9", "no port named 'GigabitEthernet9/9/9'"),
    ("NRCellCU=1", "no cell named '1'"),
    ("TwampSession=99", "no probe named '99'"),
])  # fmt: skip
def test_an_object_that_the_inventory_does_not_have_is_told_and_costs_itself_only(name, said):
    _, reading = read("NRCellCU=0", name)
    assert [m.measured_object for m in reading.measurements] == ["cell-port"]
    assert said in reading.rejected


def test_objects_of_other_classes_are_of_no_use_and_no_mistake():
    _, reading = read("ProcessorModule=1", "Chassis", "")
    assert (reading.measurements, reading.rejected) == ((), None)


def test_the_doubt_of_an_element_comes_along():
    _, reading = read("NRCellCU=0", suspect="<suspect>true</suspect>")
    assert [m.suspect for m in reading.measurements] == [True]
