package maven

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// treeSum is the SHA-256 of an installed artefact: of the name and the SHA-256 of
// each of its files, in the order of their names.
func treeSum(dir string) (string, error) {
	all := sha256.New()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == manifestName {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		one := sha256.New()
		if _, err := io.Copy(one, file); err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		fmt.Fprintf(all, "%x  %s\n", one.Sum(nil), filepath.ToSlash(rel))
		return err
	})
	return hex.EncodeToString(all.Sum(nil)), err
}

// checkSum reports an artefact whose sum isn't the one kept with its pom. want is
// empty where none is kept.
func checkSum(dir, want string) error {
	if want == "" {
		return nil
	}
	got, err := treeSum(dir)
	if err == nil && got != want {
		return &SumError{Want: want, Got: got}
	}
	return err
}

// SumError says that the files of an artefact aren't those that its pom stands for.
type SumError struct{ Want, Got string }

func (e *SumError) Error() string {
	return fmt.Sprintf("its files differ from those that hoplab was tested with: SHA-256 %s instead of %s", e.Got, e.Want)
}

// Hint says what to do about it.
func (e *SumError) Hint() string {
	return "a mirror, a proxy or Maven's own cache (~/.m2/repository) may have changed or damaged a file: remove that cache and try again"
}
