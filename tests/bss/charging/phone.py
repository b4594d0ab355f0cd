"""A phone in a session, step by step."""



from ossbss.bss.revenue.charging.balances import Request
from ossbss.bss.revenue.charging.sessions import Step


class Phone:
    """One session of a line; times are told, steps are numbered."""

    def __init__(self, door, kind="voice", name="s1", zone="on_net", line="a", number="2547"):
        self.door, self.kind, self.name, self.zone, self.line, self.number = door, kind, name, zone, line, number
        self.steps = 0

    def begin(self, at_ms, wanted=None):
        request = Request(at_ms, self.kind, 0, self.zone, self.number)
        return self._step("initial", at_ms, 0, wanted, request)

    def report(self, at_ms, used, wanted=None):
        return self._step("update", at_ms, used, wanted)

    def end(self, at_ms, used=0):
        return self._step("final", at_ms, used, 0)

    def again(self):
        return self.door.session(self.line, self.last)

    def _step(self, kind, at_ms, used, wanted, request=None):
        self.last = Step(self.name, kind, self.steps, at_ms, used, wanted, request)
        self.steps += 1
        return self.door.session(self.line, self.last)
