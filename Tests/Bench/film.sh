#!/usr/bin/env bash
# The film of the Lakeside Villa by hand, as someone would write it who knows ffmpeg and wants this one film, fast:
# the photos, moves, crossfades, encoder settings and loudness of `workspace/`, two clips at a time, one join.
#
#     film.sh PHOTOS MUSIC FILM
#
# The music is given: `campaign` composes and plays it, too.
set -euo pipefail
photos=$1 music=$2 film=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

size=1920:1080 width=1920 height=1080 fps=30
x264=(-an -c:v libx264 -preset veryfast -profile:v high -crf 18 -bf 0 -g 60 -threads 2 -pix_fmt yuv420p
  -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709)

# Name, first and last photo, move, frames.
scenes=(
  'hook exterior-pool-a exterior-pool-b push-in 150'
  'bedroom bedroom-a bedroom-b truck-right 150'
  'vanity bathroom-vanity-a bathroom-vanity-b truck-left 120'
  'tub bathtub-a bathtub-b push-in 120'
  'living living-room-a living-room-b truck-left 150'
  'dining dining-a dining-b float 120'
  'outro exterior-dusk-a exterior-dusk-b pull-back 180'
)

# ffmpeg cuts times off after a microsecond: rounding up would be a frame late.
seconds() { awk -v frames="$1" -v fps=$fps 'BEGIN { printf "%.9f", frames / fps }'; }

# The camera's eased way through a clip is ld(0), 0 to 1; a move is a zoom and a shift of each picture along it.
move() {
  local slide='1+0.24*ld(0)*(1-ld(0))' drift='0.03*pow(sin(PI*ld(0)),2)'
  x=(0 0) y=(0 0) margin=60:0
  case $1 in
    push-in) zoom=('pow(1.15,ld(0)*(2-ld(0)))' 'pow(1.15,-(1-ld(0))*(1-ld(0)))') margin=60:32 ;;
    pull-back) zoom=('pow(1.15,-ld(0)*ld(0))' 'pow(1.15,1-ld(0)*ld(0))') margin=60:32 ;;
    truck-left) zoom=("$slide" "$slide") x=('-0.06*ld(0)' '-0.06*(ld(0)-1)') ;;
    truck-right) zoom=("$slide" "$slide") x=('0.06*ld(0)' '0.06*(ld(0)-1)') ;;
    float)
      zoom=('1+0.06*pow(sin(PI*ld(0)),2)' '1+0.06*pow(sin(PI*ld(0)),2)') margin=0:0
      x=("$drift*sin(2*PI*ld(0))" "$drift*sin(2*PI*ld(0))") y=("-$drift*cos(2*PI*ld(0))" "-$drift*cos(2*PI*ld(0))")
      ;;
  esac
}

# picture SIDE START END COUNT: a photo in the frame with a mirrored margin, COUNT frames of it from frame START on.
picture() {
  local mx=${margin%:*} my=${margin#*:}
  local way="st(0,clip((in-1+$2)/$3,0,1));st(0,ld(0)*ld(0)*(3-2*ld(0)));st(1,${zoom[$1]});"
  local left="'${way}W/2*(1-1/ld(1))+$width*(${x[$1]})'" right="'${way}W/2*(1+1/ld(1))+$width*(${x[$1]})'"
  local top="'${way}H/2*(1-1/ld(1))+$height*(${y[$1]})'" bottom="'${way}H/2*(1+1/ld(1))+$height*(${y[$1]})'"
  echo "scale=$size:force_original_aspect_ratio=increase:out_color_matrix=bt709:out_range=tv:flags=lanczos+accurate_rnd,"\
"crop=$size,format=yuv420p,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709,setsar=1,"\
"pad=iw+2*$mx:ih+2*$my:$mx:$my,fillborders=$mx:$mx:$my:$my:mirror,loop=-1:1:0,settb=1/$fps,setpts=N,trim=end_frame=$4,"\
"perspective=eval=frame:interpolation=cubic:sense=source"\
":x0=$left:y0=$top:x1=$right:y1=$top:x2=$left:y2=$bottom:x3=$right:y3=$bottom,crop=$size:$margin"
}

# clip NAME FIRST LAST MOVE FRAMES: an eased dissolve over the middle of the move.
clip() {
  local end=$(($5 - 1)) from to ease
  from=$((end * 3 / 10)) to=$(((end * 7 + 9) / 10))
  move "$4"
  ease="st(0,clip((N-$from)/$((to - from)),0,1));"
  ease+="if(between(N,$from,$to),$from+$((to - from))*ld(0)*ld(0)*(3-2*ld(0)),N)/$fps/TB"
  ffmpeg -nostdin -y -loglevel error -framerate $fps -i "$photos/$2.jpg" -framerate $fps -i "$photos/$3.jpg" \
    -filter_complex "[0]$(picture 0 0 $end $((to + 1))),settb=1/1000000,setpts='$ease'[first];
      [1]$(picture 1 "$from" $end $(($5 - from))),settb=1/1000000[last];
      [first][last]xfade=offset=$(seconds "$from"):duration=$(seconds $((to - from))),settb=1/$fps,setpts=N,fps=$fps" \
    -frames:v "$5" "${x264[@]}" "$work/$1.mp4"
}

join() {
  local inputs=() graph='' last=0:v end=0 number=0 scene name frames
  for scene in "${scenes[@]}"; do
    read -r name _ _ _ frames <<<"$scene"
    inputs+=(-i "$work/$name.mp4")
    if ((number > 0)); then
      graph+="[$last][$number:v]xfade=offset=$(seconds $((end - 15))):duration=0.5[film$number];"
      last=film$number end=$((end - 15))
    fi
    end=$((end + frames)) number=$((number + 1))
  done
  ffmpeg -nostdin -y -loglevel error "${inputs[@]}" -filter_complex "${graph%;}" -map "[$last]" "${x264[@]}" \
    "$work/film.mp4"
}

# Two passes of loudnorm: measure, then one gain.
mix() {
  local fades='afade=t=in:d=0.5,afade=t=out:st=28.5:d=1.5' target='loudnorm=I=-14:TP=-1:LRA=20' measured
  measured=$(ffmpeg -nostdin -hide_banner -i "$music" -t 30 -af "$fades,$target:print_format=json" -f null - 2>&1 |
    awk -F'"' '/"input_/ { sub("input", "measured", $2); sub("_i$", "_I", $2); sub("_tp$", "_TP", $2)
      sub("_lra$", "_LRA", $2); printf ":%s=%s", $2, $4 } /"target_offset"/ { printf ":offset=%s", $4 }')
  ffmpeg -nostdin -y -loglevel error -i "$work/film.mp4" -i "$music" -map 0:v -map 1:a -c:v copy \
    -af "$fades,$target$measured:linear=true" -t 30 -c:a aac -b:a 192k -ar 48000 -movflags +faststart "$film"
}

for scene in "${scenes[@]}"; do
  (($(jobs -rp | wc -l) < 2)) || wait -n
  read -r name first last move frames <<<"$scene"
  clip "$name" "$first" "$last" "$move" "$frames" &
done
while [ -n "$(jobs -rp)" ]; do wait -n; done
join
mix
