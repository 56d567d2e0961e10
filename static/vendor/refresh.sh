#!/bin/sh
# Fetches the vendored style sheets, scripts and icons at the versions named here. Needs curl.
set -eu

BOOTSTRAP=5.3.8
ICONS=1.13.2
ECHARTS=6.1.0
REGISTRY="${NPM_REGISTRY:-https://registry.npmjs.org}"

cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() {
  mkdir -p "$work/$1"
  curl --fail --silent --show-error "$REGISTRY/$1/-/$1-$2.tgz" |
    tar -xz -C "$work/$1" --strip-components=1
}

fetch bootstrap "$BOOTSTRAP"
fetch bootstrap-icons "$ICONS"
fetch echarts "$ECHARTS"

mkdir -p bootstrap bootstrap-icons/fonts echarts
cp "$work/bootstrap/dist/css/bootstrap.min.css" bootstrap/
cp "$work/bootstrap/dist/js/bootstrap.bundle.min.js" bootstrap/
cp "$work/bootstrap/LICENSE" bootstrap/
cp "$work/bootstrap-icons/font/bootstrap-icons.min.css" bootstrap-icons/
cp "$work/bootstrap-icons/font/fonts/"* bootstrap-icons/fonts/
cp "$work/bootstrap-icons/LICENSE" bootstrap-icons/
cp "$work/echarts/dist/echarts.min.js" "$work/echarts/LICENSE" "$work/echarts/NOTICE" echarts/

sed -i '/sourceMappingURL=/d' bootstrap/*.css bootstrap/*.js bootstrap-icons/*.css
