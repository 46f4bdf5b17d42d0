package component

import (
	"fmt"
	"path/filepath"
)

// quickCompiler is for servers that live for a lab: with it everything side by
// side is up in 13 s instead of 19 s. In a run of millions of rows the better
// compiler is worth its time.
const quickCompiler = "-XX:TieredStopAtLevel=1"

// java returns the start of a JVM's command line. One collector thread suits
// servers that share two cores.
func java(s Site, heapMiB int, flags ...string) []string {
	command := []string{
		filepath.Join(s.JavaHome, "bin", "java"),
		fmt.Sprintf("-Xmx%dm", heapMiB),
		"-XX:+UseSerialGC",
		"-XX:+ExitOnOutOfMemoryError",
		// Flink unpacks 40 MB into the folder for temporary files at each start,
		// and a killed JVM doesn't clean up: keep both within the run.
		"-Djava.io.tmpdir=" + s.Dir,
		"-XX:-UsePerfData",
	}
	if !s.Long {
		command = append(command, quickCompiler)
	}
	command = append(command, classData(s)...)
	command = append(command, flags...)
	return append(command, "-cp", filepath.Join(s.Artefacts[0], "*"))
}

// classData returns the flags for the site's archive of classes. A JVM that
// can't use one, since it is another Java's, goes on without it.
func classData(s Site) []string {
	switch {
	case s.Classes == "":
		return nil
	case s.RecordClasses:
		return []string{"-XX:ArchiveClassesAtExit=" + s.Classes}
	}
	return []string{"-XX:SharedArchiveFile=" + s.Classes}
}
