"""Frames: the facts of one case, laid out so that an engine finds each by its number.

The frame of the application (or of the person) holds, from slot 0: the frames of its posts, the frames of its members,
the day of the decision, the readings, the stated facts, and room for the derived ones. The frame of a post or member
holds in slot 0 the frame of its application. Unknown is `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from vwv_im.case import FACTS, Case
from vwv_im.lang.nodes import READING
from vwv_im.law.types import DAY, scope_of
from vwv_im.reasoning.plan import Plan

Frame = list[Any]
POSTS, MEMBERS, PARENT = 0, 1, 0
LISTS = ("stelle", "mitglied")
"""The scopes whose frames stand in lists, in the order of the slots that hold these."""


@dataclass(slots=True)
class Frames:
    """The frames of one case: of the application or person, of its posts and members.

    Where the posts are not stated, `posts` holds one frame of a post of which nothing is known, and `posts_stated`
    is false; the same holds for the members.
    """

    top: Frame
    posts: list[Frame]
    members: list[Frame]
    posts_stated: bool = True
    members_stated: bool = True

    def copy(self) -> Frames:
        """Return frames with the same facts that share nothing with these."""
        top = self.top.copy()
        posts = [[top, *frame[PARENT + 1 :]] for frame in self.posts]
        members = [[top, *frame[PARENT + 1 :]] for frame in self.members]
        if top[POSTS] is not None:
            top[POSTS] = posts
        if top[MEMBERS] is not None:
            top[MEMBERS] = members
        return Frames(top, posts, members, self.posts_stated, self.members_stated)

    @property
    def lists(self) -> tuple[list[Frame], list[Frame]]:
        """The frames of the posts and of the members."""
        return self.posts, self.members

    def of(self, scope: str) -> list[Frame]:
        """Return the frames of a scope."""
        if scope == "stelle":
            return self.posts
        return self.members if scope == "mitglied" else [self.top]


class Layout:
    """Where a plan keeps each fact, and how to fill the frames from a case."""

    def __init__(self, plan: Plan) -> None:
        top = plan.scopes[0]
        self.plan = plan
        self.top_scope = top
        stated = sorted((path for path in FACTS if path not in plan.producers), key=lambda path: path.count("."))
        derived = [path for path in plan.types if path not in FACTS and path != DAY]
        self.readings = plan.readings
        self._stated = {scope: [path for path in stated if scope_of(path) == scope] for scope in plan.scopes}
        self._slots: dict[str, tuple[str, int]] = {}
        self._room: dict[str, int] = {}
        for scope in plan.scopes:
            head = [] if scope != top else [DAY, *(READING + name for name in self.readings)]
            names = [*head, *self._stated[scope], *(path for path in derived if scope_of(path) == scope)]
            offset = 2 if scope == top else 1
            self._slots.update({path: (scope, offset + index) for index, path in enumerate(names)})
            self._room[scope] = sum(1 for path in derived if scope_of(path) == scope)
        self._getters = {scope: _getter(scope, self._stated[scope]) for scope in plan.scopes}

    def slot(self, path: str) -> tuple[str, int]:
        """Return the scope and the number of the slot that holds a fact."""
        return self._slots[path]

    @property
    def paths(self) -> Iterable[str]:
        """The facts that have a slot, in the order of the scopes and slots."""
        return self._slots

    def place(self, path: str) -> str:
        """Return how generated source reads a fact: `top[3]` from the top frame, `f[3]` from another.

        Which frame `f` is, the loop around it says.
        """
        home, slot = self._slots[path]
        return f"{'top' if home == self.top_scope else 'f'}[{slot}]"

    def value(self, frame: Frame, scope: str, path: str) -> Any:
        """Return the value of a fact as seen from a frame of `scope`."""
        home, index = self._slots[path]
        return frame[index] if home == scope else frame[PARENT][index]

    def facts(self, frames: Frames) -> list[list[Any]]:
        """Return the values of all facts, stated and derived, frame by frame: not the day, the readings and links."""
        inner = [frame[PARENT + 1 :] for frame in (*frames.posts, *frames.members)]
        return [frames.top[MEMBERS + 2 + len(self.readings) :], *inner]

    def follow(self, frames: Frames, readings: Mapping[str, str]) -> set[str]:
        """Set other readings; return the facts that say which is followed, where that changed."""
        changed = set()
        for name in self.readings:
            slot = self.slot(READING + name)[1]
            if frames.top[slot] != readings[name]:
                frames.top[slot] = readings[name]
                changed.add(READING + name)
        return changed

    def fill(self, case: Case, on: date, readings: Mapping[str, str]) -> Frames:
        """Lay out a case; its part for the question must be there."""
        part = case.antrag if self.top_scope == "antrag" else case.person
        followed = [readings[name] for name in self.readings]
        room = [None] * self._room[self.top_scope]
        top: Frame = [None, [], on, *followed, *self._getters[self.top_scope](part), *room]
        if case.antrag is None or self.top_scope != "antrag":
            return Frames(top, [], [])
        posts, members = case.antrag.stellen, case.antrag.mitglieder
        get_post, get_member = self._getters["stelle"], self._getters["mitglied"]
        room = [None] * self._room["stelle"]
        unknown: Any = (None,) * len(self._stated["stelle"])
        stated: Iterable[Any] = map(get_post, posts) if posts is not None else [unknown]
        post_frames = [[top, *values, *room] for values in stated]
        room = [None] * self._room["mitglied"]
        unknown = (None,) * len(self._stated["mitglied"])
        member_frames = [
            [top, *values, *room] for values in (map(get_member, members) if members is not None else [unknown])
        ]
        top[POSTS] = post_frames if posts is not None else None
        top[MEMBERS] = member_frames if members is not None else None
        return Frames(top, post_frames, member_frames, posts is not None, members is not None)


def _getter(scope: str, paths: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that reads all facts of a scope off its part of a case at once.

    `paths` list the part's own facts first, then those of its one nested part (the applicant).
    """
    names = [path.removeprefix(f"{scope}.") for path in paths]
    own = _tuple_of([name for name in names if "." not in name])
    nested = [name.split(".") for name in names if "." in name]
    if not nested:
        return own
    (group,) = {first for first, _ in nested}
    inner, nothing = _tuple_of([last for _, last in nested]), (None,) * len(nested)

    def get(part: Any) -> tuple[Any, ...]:
        below = getattr(part, group)
        return own(part) + (nothing if below is None else inner(below))

    return get


def _tuple_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    get: Callable[[Any], tuple[Any, ...]] = attrgetter(*names)
    return get if len(names) > 1 else lambda part: (get(part),)
