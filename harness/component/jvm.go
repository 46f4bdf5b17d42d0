package component

import (
	"fmt"
	"path/filepath"
)

// java returns the start of a JVM's command line. One collector thread and
// the quick compiler only suit servers that share two cores and live for a
// lab: everything side by side is up in 13 s instead of 19 s.
func java(s Site, pom string, heapMiB int, flags ...string) []string {
	command := []string{
		filepath.Join(s.JavaHome, "bin", "java"),
		fmt.Sprintf("-Xmx%dm", heapMiB),
		"-XX:+UseSerialGC",
		"-XX:TieredStopAtLevel=1",
		"-XX:+ExitOnOutOfMemoryError",
		// Flink unpacks 40 MB into the folder for temporary files at each start,
		// and a killed JVM doesn't clean up: keep both within the run.
		"-Djava.io.tmpdir=" + s.Dir,
		"-XX:-UsePerfData",
	}
	command = append(command, flags...)
	return append(command, "-cp", filepath.Join(s.Artefacts[pom], "*"))
}
