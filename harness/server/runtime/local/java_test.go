package local

import (
	"errors"
	"strings"
	"testing"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/jdk"
)

// TestNoJavaThatRunsIt: the component isn't started for its log to say so.
func TestNoJavaThatRunsIt(t *testing.T) {
	rt, _ := newRuntime(t, nil)
	rt.javas = func() []jdk.JDK { return []jdk.JDK{{Home: "/opt/25", Version: 25, From: "JAVA_HOME"}} }
	c := fake("fakeServer")
	c.Program = component.Program{Poms: []string{"elasticsearch"}, Java: jdk.Versions{Oldest: 17, Newest: 23}}
	_, err := runtime.Boot(t.Context(), rt, c, quiet)
	var none *jdk.NoneError
	want := "start fake: it needs Java 17 to 23, and this machine has Java 25 in /opt/25 (JAVA_HOME)"
	if !errors.As(err, &none) || err.Error() != want || !strings.Contains(none.Hint(), "apt-get install openjdk") {
		t.Errorf("error = %v, want %s", err, want)
	}
}
