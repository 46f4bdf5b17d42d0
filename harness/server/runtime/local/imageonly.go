package local

import "fmt"

// ImageOnlyError says that a component can't run as a process.
type ImageOnlyError struct {
	Image string // the public container image that it comes as
}

func (e *ImageOnlyError) Error() string {
	return fmt.Sprintf("no package of it exists that could be fetched and run as a process; it comes as the container image %s only", e.Image)
}

// Hint says what to do about it.
func (e *ImageOnlyError) Hint() string {
	return "run in containers, with an engine that has or can pull " + e.Image + ": --runtime containers"
}
