"""The one exception of this package."""

INVALID_ARGUMENT = 1
FILE_FORMAT = 2
UNSUPPORTED = 3
NUMERICAL_FAILURE = 4
INTERNAL = 5


class MofError(RuntimeError):
    """Something failed; the text says what, where, what was expected and what to do.

    ``status`` is the code of mofpotential.h (see the constants of this module).
    """

    def __init__(self, message, status=INVALID_ARGUMENT):
        super().__init__(message)
        self.status = status

    def __reduce__(self):
        return MofError, (self.args[0], self.status)
