package maven

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const manifestName = "hoplab-manifest.json"

// manifest maps each file of an artefact to its size in bytes.
type manifest map[string]int64

func readTree(dir string) (manifest, error) {
	files := manifest{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == manifestName {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files[rel] = info.Size()
		return err
	})
	return files, err
}

func writeManifest(dir string) error {
	files, err := readTree(dir)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("mvn succeeded but copied no file")
	}
	text, err := json.MarshalIndent(files, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, manifestName), text, 0o644)
}

// checkManifest reports an artefact that isn't there, or whose files are not
// all there at their full size.
func checkManifest(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return err
	}
	var want manifest
	if err := json.Unmarshal(text, &want); err != nil {
		return err
	}
	have, err := readTree(dir)
	if err != nil {
		return err
	}
	for name, size := range want {
		if got, ok := have[name]; !ok || got != size {
			return fmt.Errorf("%s has %d bytes instead of %d", name, got, size)
		}
	}
	return nil
}
