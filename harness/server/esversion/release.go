package esversion

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Release is a version's first two numbers, by which all rules go.
type Release struct{ Major, Minor int }

// Parse reads a version such as 7.17.29.
func Parse(version string) (Release, error) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return Release{}, fmt.Errorf("version %q has no minor number, want one such as 7.17.29", version)
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return Release{}, fmt.Errorf("the major number of version %q: %w", version, err)
	}
	minor, err := strconv.Atoi(parts[1])
	if err != nil {
		return Release{}, fmt.Errorf("the minor number of version %q: %w", version, err)
	}
	return Release{major, minor}, nil
}

// Compare is negative where r is the older one.
func (r Release) Compare(o Release) int {
	return cmp.Or(cmp.Compare(r.Major, o.Major), cmp.Compare(r.Minor, o.Minor))
}

func (r Release) String() string { return fmt.Sprintf("%d.%d", r.Major, r.Minor) }
