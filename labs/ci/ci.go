// Package ci holds examples of CI jobs that grade a student's repository. They
// are to be copied; a test keeps their commands valid.
package ci

import "embed"

// Files holds the examples: github-classroom.yml and gitlab-ci.yml.
//
//go:embed *.yml
var Files embed.FS
