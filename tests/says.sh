# For tests that ask a site with curl.

# Fails unless TEXT contains WORDS.
says() { # WORDS TEXT
  grep -qF -- "$1" <<<"$2" || { echo "no \"$1\" in: $2" >&2; exit 1; }
}
