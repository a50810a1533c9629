# Sourced by ./dev run. Starts the app on an embedded store; with no display, or --demo, plays the guided story.
demo() {
    rm -rf build/demo
    mkdir -p build/demo
    if command -v xvfb-run >/dev/null && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
        say "playing the guided story under Xvfb"
        LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1600x1200x24" build/release/bin/tend --demo build/demo
    else
        say "playing the guided story offscreen"
        QT_QPA_PLATFORM=offscreen build/release/bin/tend --demo build/demo
    fi
    say "the pictures are in $PWD/build/demo"
    ls build/demo
}

if [ "${1:-}" = "--demo" ]; then
    demo
elif [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    say "there is no display here"
    demo
elif [ "${1:-}" = "--workspace" ]; then
    # A local server with the demonstration workspace, and the app joined to it.
    bash tools/demo_workspace.sh build/workspace
    TEND_KEY_FILE=build/workspace/app.key build/release/bin/tend --replica build/workspace/app.db
else
    say "starting Tend on its own store; nothing leaves this machine"
    say "for a filled one beside a local server: ./dev run --workspace"
    build/release/bin/tend
fi
