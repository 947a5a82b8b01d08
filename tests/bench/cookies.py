"""The session cookies of the users that users.py made."""
import base64
import hmac


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signing_key(key_file):
    """The id and the secret of the key that signs."""
    lines = [line.split() for line in open(key_file) if line.strip() and not line.startswith("#")]
    key_id, secret = lines[0]
    return key_id, base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))


def cookie(key_file, user):
    """The cookie of the session of `user`, a number from 1 on."""
    key_id, secret = signing_key(key_file)
    signed = f"v1.{key_id}.{to_base64url(b'%016d' % user)}"
    return signed + "." + to_base64url(hmac.digest(secret, f"session.{signed}".encode(), "sha256"))
