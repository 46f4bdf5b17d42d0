package need

import (
	"os"
	"os/exec"
	"testing"

	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/tool"
)

// Skip ends a test that can't do without the thing. lacking is what was seen.
func (thing Thing) Skip(t testing.TB, lacking error) {
	t.Helper()
	must, err := required(os.Getenv(Variable), thing)
	switch {
	case err != nil:
		t.Fatal(err)
	case must:
		t.Fatalf("%s says that this machine has %s, but: %v", Variable, thing.What, lacking)
	}
	t.Skipf(skipped+"%s: %v", thing.What, lacking)
}

// Broker returns mosquitto's path, or skips the test.
func Broker(t testing.TB) string {
	t.Helper()
	path, err := tool.Mosquitto.Find()
	if err != nil {
		Mosquitto.Skip(t, err)
	}
	return path
}

// Java skips the test where a server asks for a newer Java than 17, which hoplab needs
// anyway, and this machine has none.
func Java(t testing.TB, versions jdk.Versions) {
	t.Helper()
	if versions.Oldest <= 17 {
		return
	}
	if _, err := versions.Choose(jdk.Find(t.Context())); err != nil {
		Java21.Skip(t, err)
	}
}

// Program returns the path of a program that belongs to the thing, or skips the
// test.
func (thing Thing) Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		thing.Skip(t, err)
	}
	return path
}
