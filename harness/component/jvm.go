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
	}
	command = append(command, flags...)
	return append(command, "-cp", filepath.Join(s.Artefacts[pom], "*"))
}
