"""Why a certificate of a bound is refused."""


class CertificateError(ValueError):
    """A certificate that does not prove what it says, and why."""
