#!/bin/sh
# /usr/local/bin/lms: perintah lms sebagai pengguna lms, dengan setelan dari /etc/lms.env.
if [ "$(id -un)" != lms ]; then
    if [ "$(id -u)" = 0 ]; then exec runuser -u lms -- "$0" "$@"; fi
    exec sudo -u lms -- "$0" "$@"
fi
set -a
. /etc/lms.env
set +a
exec /srv/lms/.venv/bin/lms "$@"
