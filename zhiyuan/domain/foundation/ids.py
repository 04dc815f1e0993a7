"""Random public ids: what stands in addresses. They say nothing and cannot be guessed."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, without i l o u


def random_id(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_public_id() -> str:
    """16 characters, 80 bits: for things whose pages ask for permission as well."""
    return random_id(16)


def new_capability() -> str:
    """26 characters, 130 bits: for an address that is itself the permission, such as a resident's receipt."""
    return random_id(26)
