#!/bin/sh
# Builds the script and the style sheet that Palimpsest.Lab embeds. Needs node 20 and npm; building the C# does not.
set -eu
cd "$(dirname "$0")"
out=../../src/Palimpsest.Reports/Html
npm ci --ignore-scripts --no-audit --no-fund --silent
node_modules/.bin/esbuild report.js --bundle --minify --format=iife --target=es2022 --charset=ascii \
    --legal-comments=none --banner:js="/*
$(cat NOTICE)
*/" --outfile="$out/report.bundle.js"
node_modules/.bin/esbuild view.js --bundle --minify --format=iife --target=es2022 --charset=ascii --outfile="$out/view.bundle.js"
node_modules/.bin/esbuild sweepview.js --bundle --minify --format=iife --target=es2022 --charset=ascii --outfile="$out/sweepview.bundle.js"
node_modules/.bin/esbuild report.css --minify --outfile="$out/report.bundle.css"
