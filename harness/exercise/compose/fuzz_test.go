package compose

import (
	"errors"
	"testing"

	"hoplab.example/labs"
)

// FuzzRead: whatever a file holds, it is read or there is a finding with a line, and none of
// the checks panics.
func FuzzRead(f *testing.F) {
	_, text, err := labs.Solution("12-compose", "compose.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, seed := range []string{
		"services: {a: {image: 'x:1', depends_on: [b], ports: ['1:1'], build: .}, b: {command: 'x localhost:1883'}}",
		"services: {k: {environment: [KAFKA_LISTENERS=A://:1, 'KAFKA_ADVERTISED_LISTENERS=A://k:1'], volumes: ['v:/x', '/y']}}\nvolumes: {v: }",
		"services:\n  a: &a {image: x}\n  b: {<<: *a, healthcheck: {test: [CMD, 'true']}, networks: {n: {aliases: [c]}}}\nnetworks: {n: }",
		"services: {a: {image: '${X:-y}', environment: {A: }}}", "services: {a: null}", "a: !reset null",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Read(t.Context(), "c.yaml", text)
		if err != nil {
			var found *Finding
			if !errors.As(err, &found) || found.Line < 1 || found.Reason == "" {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		for _, find := range []func() []*Finding{file.Safe, file.Unpinned, file.Addresses, file.Ready, file.Open} {
			for _, found := range find() {
				if found.Line < 1 || found.Reason == "" {
					t.Errorf("%q: %v", text, found)
				}
			}
		}
		file.Lost("a", "/x")
		file.HostPort("k", 1)
		file.Dockerfiles()
	})
}

// FuzzDockerfile: whatever a file holds, what is found has a line.
func FuzzDockerfile(f *testing.F) {
	f.Add([]byte("FROM a:1\nCOPY a b\nUSER 1\nENTRYPOINT [\"a\"]\n"))
	f.Add([]byte("ARG A=1\nFROM a:${A} AS b\\\n\nFROM b\nCMD \\"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, found := range Dockerfile("D", text, "a") {
			if found.Line < 1 || found.Reason == "" {
				t.Errorf("%q: %v", text, found)
			}
		}
	})
}
