# Sourced by ./dev shots. Both renderers must draw the same pages: build/shots without a display,
# build/shots/gl with one.
QT_QPA_PLATFORM=offscreen build/release/bin/tend --screenshots build/shots
xvfb-run -a -s "-screen 0 2700x1800x24" build/release/bin/tend --screenshots build/shots/gl
say "pictures in build/shots"
