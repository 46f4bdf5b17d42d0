package component

import (
	"fmt"
	"path/filepath"
	"strings"
)

// quickCompiler is for servers that live for a lab: with it everything side by
// side is up in 13 s instead of 19 s. In a run of millions of rows the better
// compiler is worth its time.
const quickCompiler = "-XX:TieredStopAtLevel=1"

// java returns the start of a JVM's command line, with these jars: each a path of one,
// or of a folder of them. One collector thread suits servers that share two cores.
func java(s Site, heapMiB int, jars []string, flags ...string) []string {
	command := []string{
		filepath.Join(s.JavaHome, "bin", "java"),
		fmt.Sprintf("-Xmx%dm", heapMiB),
		"-XX:+UseSerialGC",
		"-XX:+ExitOnOutOfMemoryError",
		// Flink unpacks its planner into the folder for temporary files (PlannerModule.java),
		// and a killed JVM doesn't clean up: keep both within the run.
		"-Djava.io.tmpdir=" + s.Dir,
		"-XX:-UsePerfData",
	}
	if !s.Long {
		command = append(command, quickCompiler)
	}
	command = append(command, classData(s)...)
	command = append(command, flags...)
	return append(command, "-cp", classPath(jars))
}

func classPath(jars []string) string {
	var entries []string
	for _, path := range jars {
		if filepath.Ext(path) != ".jar" {
			path = filepath.Join(path, "*")
		}
		entries = append(entries, path)
	}
	return strings.Join(entries, string(filepath.ListSeparator))
}

// opened returns flags that open packages of java.base to reflection.
func opened(packages ...string) (flags []string) {
	for _, name := range packages {
		flags = append(flags, "--add-opens=java.base/"+name+"=ALL-UNNAMED")
	}
	return flags
}

// classData returns the flags for the site's archive of classes. A JVM that
// can't use one goes on without it (java(1), -Xshare:auto).
func classData(s Site) []string {
	switch {
	case s.Classes == "":
		return nil
	case s.RecordClasses:
		// Its warnings on classes that it leaves out come last in the log, where the
		// reason would be why a server has ended.
		return []string{"-XX:ArchiveClassesAtExit=" + s.Classes, "-Xlog:cds=error"}
	}
	return []string{"-XX:SharedArchiveFile=" + s.Classes}
}
