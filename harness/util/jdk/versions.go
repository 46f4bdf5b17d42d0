package jdk

import (
	"fmt"

	"hoplab.example/harness/util/tool"
)

// Versions are those of Java that a program runs on. The zero Versions are of a
// program that needs no Java.
type Versions struct {
	Oldest int
	Newest int // 0 where no newer one is known to fail
}

func (v Versions) String() string {
	switch v.Newest {
	case 0:
		return fmt.Sprintf("Java %d or newer", v.Oldest)
	case v.Oldest:
		return fmt.Sprintf("Java %d", v.Oldest)
	}
	return fmt.Sprintf("Java %d to %d", v.Oldest, v.Newest)
}

// Choose returns the first of these versions. Its error is a *NoneError.
func (v Versions) Choose(found []JDK) (JDK, error) {
	for _, j := range found {
		if j.Err == nil && j.Version >= v.Oldest && (v.Newest == 0 || j.Version <= v.Newest) {
			return j, nil
		}
	}
	return JDK{}, &NoneError{Needs: v, Found: found}
}

// NoneError says that no Java of a machine is of the versions that a program needs.
type NoneError struct {
	Needs Versions
	Found []JDK
}

func (e *NoneError) Error() string {
	if len(e.Found) == 0 {
		return fmt.Sprintf("it needs %s, and this machine has no Java", e.Needs)
	}
	return fmt.Sprintf("it needs %s, and this machine has %s", e.Needs, list(e.Found))
}

// Hint says how to install one.
func (e *NoneError) Hint() string {
	return tool.Java.Hint() + "\nhoplab finds it beside others; JAVA_HOME need not name it"
}
