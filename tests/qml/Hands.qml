import QtQuick
import QtTest

// What a person does: looks for a thing by name, presses it, types.
TestCase {
    id: root

    required property Scene scene

    when: windowShown

    function item(name) {
        const found = root.scene.bench.find(root.scene.shell, name);
        verify(found, name + " is on the screen");
        return found;
    }

    function gone(name) {
        return root.scene.bench.find(root.scene.shell, name) === null;
    }

    function press(name) {
        const target = root.item(name);
        mouseClick(target, target.width / 2, target.height / 2);
        root.scene.bench.settle();
        wait(20);
    }

    function write(words) {
        for (const letter of words)
            keyClick(letter);
        root.scene.bench.settle();
    }

    function begin(demonstration) {
        root.scene.bench.open(demonstration);
        wait(30);
    }
}
