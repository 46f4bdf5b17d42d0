package cli

import (
	"bytes"
	"strings"
	"testing"

	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/jdk"
)

// TestDoctorJava: each component takes the first Java that runs it, and one that none
// runs is missing.
func TestDoctorJava(t *testing.T) {
	stack, err := version.Find("")
	if err != nil {
		t.Fatal(err)
	}
	newest := jdk.JDK{Home: "/opt/25", Version: 25, From: "JAVA_HOME"}
	fit, unused := jdk.JDK{Home: "/opt/17", Version: 17, From: "installed"}, jdk.JDK{Home: "/opt/21", Version: 21, From: "installed"}
	for _, c := range []struct {
		found   []jdk.JDK
		lacking string
		want    []string
	}{
		{[]jdk.JDK{newest, fit, unused}, "", []string{
			"ok       java       Java 25 in /opt/25 (JAVA_HOME): runs kafka, connect, flink-jobmanager, flink-taskmanager, flink-gateway\n",
			"ok       java       Java 17 in /opt/17: runs elasticsearch\n", "unused   java       Java 21 in /opt/21\n",
		}},
		{[]jdk.JDK{newest}, "a Java for elasticsearch", []string{
			"missing  java       elasticsearch: it needs Java 17 to 23, and this machine has Java 25 in /opt/25 (JAVA_HOME)\n", "apt-get install openjdk-17-jre-headless",
		}},
		{nil, "a Java for kafka, connect, flink-jobmanager, flink-taskmanager, flink-gateway, elasticsearch", []string{"kafka: it needs Java 17 or newer, and this machine has no Java\n"}},
	} {
		var out bytes.Buffer
		a := &app{out: &out}
		if lacking := strings.Join(a.doctorJava(c.found, stack), "; "); lacking != c.lacking {
			t.Errorf("with %v, lacking is %q, want %q", c.found, lacking, c.lacking)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("with %v, doctor's output lacks %q:\n%s", c.found, want, &out)
			}
		}
	}
}
