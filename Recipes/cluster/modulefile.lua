-- A module of Lmod for Manikin's tarball: nothing to install, no root, no network.
--
--   tar xzf manikin-VERSION-linux-x86_64.tar.gz -C /software          (makes /software/manikin-VERSION)
--   mkdir -p MODULEFILES/manikin && cp modulefile.lua MODULEFILES/manikin/VERSION.lua
--   module use MODULEFILES && module load manikin
--
-- Set `root` where the folder lies elsewhere.
local root = pathJoin(os.getenv("MANIKIN_SOFTWARE") or "/software", "manikin-" .. myModuleVersion())

help([[Balances a small, imbalanced set of medical images, and measures whether that helps a classifier.
Begin with: manikin --help, manikin run quickstart]])
whatis("Name: Manikin")
whatis("Version: " .. myModuleVersion())
conflict("manikin")

if mode() == "load" and not isFile(pathJoin(root, "bin/manikin")) then
  LmodError("There is no " .. pathJoin(root, "bin/manikin") .. "; unpack the tarball there, or set root in this module file.")
end
prepend_path("PATH", pathJoin(root, "bin"))
-- What the Snakefile and the Slurm script start.
setenv("MANIKIN", pathJoin(root, "bin/manikin"))
