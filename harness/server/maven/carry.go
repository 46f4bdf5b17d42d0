package maven

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"hoplab.example/fixtures"
)

// Export writes the named artefacts, which must be installed, to a tar file that
// [Store.Import] reads.
func (s Store) Export(out io.Writer, poms []string) error {
	archive := tar.NewWriter(out)
	for _, name := range poms {
		pom, err := fixtures.Pom(name)
		if err != nil {
			return err
		}
		dir := s.folder(name, pom)
		if err := checkManifest(dir); err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
		if err := addTree(archive, dir); err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
	}
	return archive.Close()
}

func addTree(archive *tar.Writer, dir string) error {
	return filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(filepath.Dir(dir), path)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: filepath.ToSlash(rel), Mode: int64(info.Mode().Perm()), ModTime: info.ModTime()}
		if info.IsDir() { // Elasticsearch needs its empty folders too
			header.Typeflag, header.Name = tar.TypeDir, header.Name+"/"
			return archive.WriteHeader(header)
		}
		header.Typeflag, header.Size = tar.TypeReg, info.Size()
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(archive, file)
		return err
	})
}

// Import installs the artefacts of a tar file that [Store.Export] has written, and
// returns their names. Each must have the sum that is kept with its pom, and hoplab's
// poms must be those of the export: artefacts of other versions are left out.
func (s Store) Import(in io.Reader) (installed []string, err error) {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the cache's folder: %w", err)
	}
	partial, err := os.MkdirTemp(s.Dir, "import-*.partial")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(partial)
	if err := unpackTar(in, partial); err != nil {
		return nil, fmt.Errorf("read the file of artefacts: %w", err)
	}
	for _, name := range fixtures.Poms() {
		ok, err := s.adopt(partial, name)
		if err != nil {
			return installed, fmt.Errorf("import %s: %w", name, err)
		}
		if ok {
			installed = append(installed, name)
		}
	}
	if len(installed) == 0 {
		return nil, errors.New("the file has no artefact of this version of hoplab")
	}
	return installed, nil
}

// adopt moves an artefact out of the unpacked file, if it is there and not yet
// installed.
func (s Store) adopt(partial, name string) (bool, error) {
	pom, err := fixtures.Pom(name)
	if err != nil {
		return false, err
	}
	dir := s.folder(name, pom)
	from := filepath.Join(partial, filepath.Base(dir))
	if _, err := os.Stat(from); err != nil {
		return false, nil
	}
	if err := errors.Join(checkManifest(from), checkSum(from, fixtures.PomSum(name))); err != nil {
		return false, err
	}
	if checkManifest(dir) == nil {
		return true, nil
	}
	return true, errors.Join(os.RemoveAll(dir), os.Rename(from, dir))
}

// unpackTar writes the files of a tar into dir, out of which no entry leads.
func unpackTar(in io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	archive := tar.NewReader(in)
	for left := int64(maxUnpacked); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(path.Clean(strings.TrimSuffix(header.Name, "/")))
		if left -= header.Size; left < 0 {
			return fmt.Errorf("it unpacks to more than %d bytes", int64(maxUnpacked))
		}
		if err := unpackTarEntry(archive, header, root, name); err != nil {
			return err
		}
	}
}

func unpackTarEntry(archive *tar.Reader, header *tar.Header, root *os.Root, name string) error {
	switch header.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(name, 0o755)
	case tar.TypeReg:
		out, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, os.FileMode(header.Mode).Perm()|0o444)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, archive)
		return errors.Join(err, out.Close())
	}
	return fmt.Errorf("entry %q is neither a file nor a folder", header.Name)
}
