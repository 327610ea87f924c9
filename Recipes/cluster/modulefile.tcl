#%Module1.0
# A module of environment-modules for Manikin's tarball: nothing to install, no root, no network.
#
#   tar xzf manikin-VERSION-linux-x86_64.tar.gz -C /software          (makes /software/manikin-VERSION)
#   mkdir -p MODULEFILES/manikin && cp modulefile.tcl MODULEFILES/manikin/VERSION
#   module use MODULEFILES && module load manikin
#
# Set root where the folder lies elsewhere.
set software /software
if {[info exists ::env(MANIKIN_SOFTWARE)]} { set software $::env(MANIKIN_SOFTWARE) }
set version [file tail [module-info name]]
set root $software/manikin-$version

proc ModulesHelp {} {
  puts stderr "Balances a small, imbalanced set of medical images, and measures whether that helps a classifier."
  puts stderr "Begin with: manikin --help, manikin run quickstart"
}
module-whatis "Manikin $version"
conflict manikin

if {[module-info mode load] && ![file isfile $root/bin/manikin]} {
  puts stderr "There is no $root/bin/manikin; unpack the tarball there, or set root in this module file."
  break
}
prepend-path PATH $root/bin
# What the Snakefile and the Slurm script start.
setenv MANIKIN $root/bin/manikin
