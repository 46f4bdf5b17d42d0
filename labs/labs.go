// Package labs holds the labs' files, so that the lab command and the scenarios
// use the very files that students see.
package labs

import "embed"

// Files holds each lab's folder, such as "03-flink/solution/tables.sql".
//
//go:embed [0-9][0-9]-*
var Files embed.FS
