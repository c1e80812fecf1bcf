-- The campaign of the benchmark for Shake: as many clips as pairs.txt has lines.
import Development.Shake

main :: IO ()
main = shakeArgs options $ do
  want ["build/final.mp4"]

  "build/manifest.json" %> \out -> do
    photos <- getDirectoryFiles "" ["photos/*.jpg"]
    need photos
    cmd_ "./t" out photos

  "build/pairs.txt" %> \out -> do
    need ["build/manifest.json", "pairs.txt"]
    cmd_ "cp pairs.txt" out

  "build/clips/*.mp4" %> \out -> do
    let number = read (takeWhile (/= '.') (drop (length "build/clips/c") out)) :: Int
        ins = [photo (number `mod` 200), photo ((number * 7 + 1) `mod` 200), "params.json"]
    need ins
    cmd_ "./t" out ins

  "build/combined.mp4" %> \out -> do
    pairs <- readFileLines "build/pairs.txt"
    need ["build/clips/" ++ takeWhile (/= ' ') pair ++ ".mp4" | pair <- pairs]
    cmd_ "./t" out "build/pairs.txt"

  "build/final.mp4" %> \out -> do
    need ["build/combined.mp4", "music.m4a"]
    cmd_ "./t" out "build/combined.mp4 music.m4a"
 where
  options = shakeOptions {shakeChange = ChangeModtimeAndDigest, shakeThreads = 2, shakeVerbosity = Silent}
  photo number = "photos/p" ++ replicate (3 - length (show number)) '0' ++ show number ++ ".jpg"
