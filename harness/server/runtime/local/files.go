package local

import (
	"os"
	"path/filepath"
	"strings"

	"hoplab.example/harness/server/component"
)

// writeFiles writes a component's files into its folder and gives them, and the
// folders that are made for them, to u.
func writeFiles(dir string, files []component.File, u *user) error {
	for _, file := range files {
		if err := makeFolders(dir, filepath.Dir(file.Path), u); err != nil {
			return err
		}
		path := filepath.Join(dir, file.Path)
		mode := os.FileMode(0o644)
		if file.Private {
			mode = 0o600
		}
		if err := os.WriteFile(path, []byte(file.Text), mode); err != nil {
			return err
		}
		if err := u.own(path); err != nil {
			return err
		}
	}
	return nil
}

func makeFolders(dir, rel string, u *user) error {
	path := dir
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		path = filepath.Join(path, name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
		if err := u.own(path); err != nil {
			return err
		}
	}
	return nil
}
