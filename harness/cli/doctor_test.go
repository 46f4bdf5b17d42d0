package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/maven"
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
			"ok       java       Java 25 in /opt/25 (JAVA_HOME): runs kafka, connect\n",
			"ok       java       Java 17 in /opt/17: runs flink-jobmanager, flink-taskmanager, flink-gateway, elasticsearch\n", "unused   java       Java 21 in /opt/21\n",
		}},
		{[]jdk.JDK{newest}, "a Java for flink-jobmanager, flink-taskmanager, flink-gateway, elasticsearch", []string{
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

// TestDoctorMaven: with all servers in the cache nobody needs Maven; otherwise it must be
// there, and reach its repository.
func TestDoctorMaven(t *testing.T) {
	stack, err := version.Find("")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	say := func(store maven.Store) (string, []string) {
		var out bytes.Buffer
		lacking, err := (&app{out: &out}).doctorMaven(t.Context(), store, stack)
		if err != nil {
			t.Fatal(err)
		}
		return out.String(), lacking
	}
	empty := maven.Store{Dir: t.TempDir()}
	if said, lacking := say(empty); len(lacking) != 1 || !strings.Contains(said, "absent   servers    connect, ") || !strings.Contains(said, "apt-get install maven") {
		t.Errorf("without mvn, lacking %v:\n%s", lacking, said)
	}
	mvn := func(script string) {
		if err := os.WriteFile(filepath.Join(bin, "mvn"), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	mvn("echo '[ERROR] Some problems'; echo '[ERROR]   Could not transfer artifact a:b: Unknown host x -> [Help 2]'; exit 1")
	if said, lacking := say(empty); len(lacking) != 1 || !strings.Contains(said, "mvn        Could not transfer artifact a:b: Unknown host x\n") || !strings.Contains(said, "<proxies>") {
		t.Errorf("without a network, lacking %v:\n%s", lacking, said)
	}
	mvn("exit 0")
	if said, lacking := say(empty); len(lacking) != 0 || !strings.Contains(said, "reaches its repository") {
		t.Errorf("with mvn, lacking %v:\n%s", lacking, said)
	}
	full := maven.Store{Dir: t.TempDir()}
	for _, name := range pomsOf(stack) {
		pom, err := fixtures.Pom(name)
		if err != nil {
			t.Fatal(err)
		}
		mvn("for a in \"$@\"; do case $a in -DoutputDirectory=*) echo >${a#*=}/a.jar;; esac; done")
		if _, err := full.Install(t.Context(), name, pom, func(maven.Progress) {}); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if said, lacking := say(full); len(lacking) != 0 || !strings.Contains(said, "Maven isn't needed") {
		t.Errorf("with a full cache, lacking %v:\n%s", lacking, said)
	}
}
