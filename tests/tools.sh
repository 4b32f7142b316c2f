#!/bin/sh
# The programs the tests drive from outside: a browser, PDF readers and checkers, QR readers, verifiers of credentials.
# As root they come from the system's package manager; otherwise the browser is Playwright's own
# and the rest must be there already.
set -eu
missing=""
for pair in pdftotext:poppler-utils qpdf:qpdf mutool:mupdf-tools zbarimg:zbar-tools openssl:openssl \
    strace:strace node:nodejs npm:npm certutil:libnss3-tools java:default-jdk-headless javac:default-jdk-headless; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
browser=""
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && browser="$name"
done

# Not programs but files: the false clock; the cases of the Unicode bidirectional algorithm, and the jars of Apache PDFBox.
ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing="$missing faketime"
[ -f /usr/share/unicode/BidiCharacterTest.txt ] || missing="$missing unicode-data"
[ -f /usr/share/java/preflight.jar ] || missing="$missing libpdfbox2-java"
[ -f /usr/share/java/javax.activation.jar ] || missing="$missing libjaxb-api-java"

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  [ -n "$browser" ] || missing="$missing chromium"
  if [ -n "$missing" ]; then
    echo "Installing$missing ..."
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  fi
else
  [ -n "$browser" ] || .venv/bin/playwright install chromium
  if [ -n "$missing" ]; then
    echo "Please install with your package manager:$missing" >&2
    exit 1
  fi
fi

# Other people's verifiers, exactly as locked; they run on Node.js 18 or newer.
npm ci --prefix tests/credential_verifiers --ignore-scripts --no-audit --no-fund --loglevel=error
