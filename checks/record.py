"""`dataclass`, `field` and `replace` as the standard library has them, made in a twentieth of its time.

The standard library writes and compiles six functions for each class (0.5 to 1 ms for each of the 50 to 60 that a start
needs) and imports `inspect` for it (10 ms), which was a third of `status`. msgspec was measured, too: it loads decimal,
uuid and inspect, and takes `status` from 56 to 75 ms, where 72 are allowed. Here the functions are shared, and `__init__`
alone is compiled, once a class has made a few objects. Type checkers see the standard library's own; a test holds both to
the same behaviour. Supported is what we use: `frozen`, `slots` (always), `eq`, defaults, `default_factory`, `repr=False`, `__post_init__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace

    def required(kind: type) -> tuple[str, ...]: ...

else:
    from operator import attrgetter

    _NOTHING = object()
    _FEW = 8

    class _Field:
        __slots__ = ("default", "factory", "shown")

        def __init__(self, default, factory, shown):
            self.default, self.factory, self.shown = default, factory, shown

    def field(*, default=_NOTHING, default_factory=_NOTHING, repr=True):  # noqa: A002 - the word that the standard library has
        """One field's default value, or what makes it, and whether it is shown."""
        return _Field(default, default_factory, repr)

    def dataclass(*, frozen=False, slots=True, eq=True):
        """Make a class of its annotations: slots, `__init__`, `__eq__`, `__hash__`, `__repr__`, and no change when frozen."""

        def make(plain):
            names = tuple(plain.__annotations__)
            if plain.__bases__ != (object,) or not slots:
                raise TypeError(f"{plain.__name__}: only classes without a base, with slots")
            body = dict(vars(plain))
            for leave in ("__dict__", "__weakref__"):
                body.pop(leave, None)
            fields = {}
            for name in names:
                given = body.pop(name, _NOTHING)
                if not isinstance(given, _Field):
                    given = _Field(given, _NOTHING, True)
                if type(given.default) in (list, dict, set):
                    raise ValueError(f"{plain.__name__}.{name}: a default that could be changed")
                fields[name] = given
            body["__slots__"] = names
            body["__match_args__"] = names
            body["__record_fields__"] = fields
            body["__record_required__"] = tuple(
                name for name, given in fields.items() if given.default is given.factory is _NOTHING
            )
            body["__record_made__"] = 0
            body["__dataclass_fields__"] = _Described(plain)
            values = _values(names)
            body.setdefault("__repr__", _repr(tuple(name for name in names if fields[name].shown)))
            if eq:
                body.setdefault("__eq__", _eq(values))
                body.setdefault("__hash__", _hash(values) if frozen else None)
            if frozen:
                body["__setattr__"], body["__delattr__"] = _refuse_change, _refuse_removal
            body["__getstate__"], body["__setstate__"] = _getstate, _setstate
            body["__init__"] = _first_init
            made = type(plain)(plain.__name__, (), body)
            made.__qualname__ = plain.__qualname__
            return made

        return make

    def replace(instance, /, **changes):
        """A new object of the same class, with these fields in place of its own."""
        for name in instance.__record_fields__:
            if name not in changes:
                changes[name] = getattr(instance, name)
        return type(instance)(**changes)

    def required(kind):
        """The names of a record's fields that have no default."""
        return kind.__record_required__

    class _Described:
        """`__dataclass_fields__`, worked out when somebody asks: the standard library's functions ask for it."""

        def __init__(self, plain):
            self._plain = plain

        def __get__(self, instance, owner):
            import dataclasses

            described = {}
            for name, given in owner.__record_fields__.items():
                if given.factory is not _NOTHING:
                    default = dataclasses.field(default_factory=given.factory, repr=given.shown)
                elif given.default is not _NOTHING:
                    default = dataclasses.field(default=given.default, repr=given.shown)
                else:
                    default = dataclasses.field(repr=given.shown)
                described[name] = (name, owner.__annotations__[name], default)
            twin = dataclasses.make_dataclass(owner.__name__, described.values(), kw_only=True)
            owner.__dataclass_fields__ = twin.__dataclass_fields__
            return owner.__dataclass_fields__

    def _values(names):
        if len(names) == 1:
            only = attrgetter(names[0])
            return lambda self: (only(self),)
        return attrgetter(*names) if names else lambda self: ()

    def _eq(values):
        def __eq__(self, other):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return self is other or values(self) == values(other)

        return __eq__

    def _hash(values):
        def __hash__(self):
            return hash(values(self))

        return __hash__

    def _repr(names):
        def __repr__(self):
            shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
            return f"{type(self).__qualname__}({shown})"

        return __repr__

    def _refuse_change(self, name, value):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_removal(self, name):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _getstate(self):
        return [getattr(self, name) for name in self.__slots__]

    def _setstate(self, state):
        for name, value in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, value)

    def _first_init(self, *args, **given):
        """`__init__` of a class's first objects, since compiling one takes longer than making a few of them here.

        An installed `answer` uses 50 classes, most of them for a few objects. Wrong arguments are left to the compiled one.
        """
        owner = type(self)
        owner.__record_made__ += 1
        fields = owner.__record_fields__
        values = dict(zip(fields, args, strict=False)) | given
        right = len(values) == len(args) + len(given) and values.keys() <= fields.keys()
        if owner.__record_made__ > _FEW or not right or not all(map(values.__contains__, required(owner))):
            _compile_init(owner)(self, *args, **given)
            return
        for name, kind in fields.items():
            if name not in values:
                values[name] = kind.default if kind.factory is _NOTHING else kind.factory()
            object.__setattr__(self, name, values[name])
        if "__post_init__" in vars(owner):
            self.__post_init__()

    def _compile_init(owner):
        """Write `__init__` in the class's own words, so that making an object costs what it would by hand."""
        names = {"_new": _NOTHING}
        takes, does = [], []
        required = True
        for name, given in owner.__record_fields__.items():
            names[f"_set_{name}"] = vars(owner)[name].__set__
            value = name
            if given.factory is not _NOTHING:
                names[f"_make_{name}"] = given.factory
                takes.append(f"{name}=_new")
                value = f"_make_{name}() if {name} is _new else {name}"
                required = False
            elif given.default is not _NOTHING:
                names[f"_default_{name}"] = given.default
                takes.append(f"{name}=_default_{name}")
                required = False
            elif required:
                takes.append(name)
            else:
                raise TypeError(f"{owner.__name__}.{name}: no default after one with a default")
            does.append(f"_set_{name}(self, {value})")
        if "__post_init__" in vars(owner):
            does.append("self.__post_init__()")
        code = f"def __init__({', '.join(['self', *takes])}):\n " + "\n ".join(does or ["pass"])
        exec(code, names)
        init = names["__init__"]
        init.__qualname__ = f"{owner.__qualname__}.__init__"
        owner.__init__ = init
        return init
